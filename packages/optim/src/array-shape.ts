/** Arrays of numbers that an optimizer can update where they are. */
export type FloatArray = Float32Array | Float64Array;

export type FloatType = "float32" | "float64";

export type Shape = readonly number[];

/** Shapes of arrays that are not shaped like the parameter they belong to: an array has none itself. */
const shapes = new WeakMap<FloatArray, Shape>();

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const typeOf = (array: FloatArray): FloatType => (array instanceof Float32Array ? "float32" : "float64");

/** The shape of an array that belongs to a parameter of shape `own`. */
export const shapeOf = (array: FloatArray, own: Shape): Shape => shapes.get(array) ?? own;

/** `array`, from now on with a shape of its own. */
export function shaped(array: FloatArray, shape: Shape): FloatArray {
  shapes.set(array, shape);
  return array;
}

/** Zeros, with their shape. */
export const newArray = (dtype: FloatType, shape: Shape): FloatArray =>
  shaped(dtype === "float32" ? new Float32Array(sizeOf(shape)) : new Float64Array(sizeOf(shape)), shape);
