import { testStore } from "../../test/store-suite.ts";
import { memoryStore } from "./memory-store.ts";

testStore("a store in memory", () => memoryStore());
