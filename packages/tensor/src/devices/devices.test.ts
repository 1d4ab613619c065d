import { testDevice } from "../../test/test-device.ts";
import { wasm } from "../index.ts";
import { reference } from "../reference.ts";

testDevice("wasm, one thread", () => wasm({ threads: 1 }));
testDevice("wasm, three threads", () => wasm({ threads: 3 }));
testDevice("reference", reference);
