import { testModule } from "../../../test/module-suite.ts";
import { ReLU } from "./relu.ts";

testModule("ReLU", { make: () => new ReLU(), shape: [3, 4], shown: "ReLU()" });
