import { ReferenceDevice } from "../reference/reference-device.ts";
export class WasmDevice extends ReferenceDevice {
  constructor(_: object) { super(); }
}
