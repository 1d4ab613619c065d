import { fixed, spread, testGradients } from "../../test/gradient-suite.ts";
import { einsum } from "../index.ts";

const [a, b] = [spread([2, 3]), spread([3, 4], -1, 2)];
const image = spread([2, 4, 4, 3]);
const weight = spread([2, 2, 3, 2], -1, 1);
const bias = spread([2], 0, 1);

testGradients({
  matmul: { fn: (a, b) => a.matmul(b), inputs: [a, b] },
  "matmul of vectors": { fn: (a, b) => a.matmul(b), inputs: [spread([3]), spread([3], 0, 1)] },
  "matmul of a matrix and a vector": { fn: (a, b) => a.matmul(b), inputs: [a, spread([3], 0, 1)] },
  "matmul, batches that broadcast": {
    fn: (a, b) => a.matmul(b),
    inputs: [spread([2, 1, 2, 3]), spread([2, 3, 2], 0, 1)],
  },
  "matmul, transposed views": { fn: (a, b) => a.T.matmul(b.T), inputs: [spread([3, 2]), spread([4, 3], 0, 1)] },
  bmm: { fn: (a, b) => a.bmm(b), inputs: [spread([2, 2, 3]), spread([2, 3, 2], 0, 1)] },
  outer: { fn: (a, b) => a.outer(b), inputs: [spread([3]), spread([2], 0, 1)] },
  linear: { fn: (x, w, bias) => x.linear(w, bias), inputs: [a, spread([4, 3], 0, 1), spread([4], 0, 1)] },
  einsum: { fn: (a, b) => einsum("bij,jk->bki", [a, b]), inputs: [spread([2, 2, 3]), spread([3, 2], 0, 1)] },
  "einsum, a diagonal": { fn: (a) => einsum("ii->i", [a]).square(), inputs: [spread([3, 3])] },
  conv1d: {
    fn: (x, w, bias) => x.conv1d(w, { bias, padding: 1, stride: 2 }),
    inputs: [spread([1, 2, 5]), spread([2, 2, 3], -1, 1), bias],
  },
  conv2d: { fn: (x, w, bias) => x.conv2d(w, { bias }), inputs: [spread([1, 2, 4, 3]), weight, bias] },
  "conv2d, stride, padding, dilation, groups": {
    fn: (x, w) => x.conv2d(w, { stride: [1, 2], padding: [2, 1], dilation: [2, 1], groups: 2 }),
    inputs: [spread([1, 4, 4, 3]), weight],
  },
  conv3d: {
    fn: (x, w) => x.conv3d(w, { padding: 1 }),
    inputs: [spread([1, 1, 2, 2, 2]), spread([1, 1, 2, 2, 2], -1, 1)],
  },
  convTranspose2d: {
    fn: (x, w, bias) => x.convTranspose2d(w, { bias, stride: 2, padding: 1, outputPadding: 1 }),
    inputs: [spread([1, 2, 3, 2]), weight, bias],
  },
  convTranspose1d: {
    fn: (x, w, bias) => x.convTranspose1d(w, { bias, stride: 2, padding: 1, outputPadding: 1 }),
    inputs: [spread([1, 2, 3]), spread([2, 2, 3], -1, 1), bias],
  },
  convTranspose3d: {
    fn: (x, w, bias) => x.convTranspose3d(w, { bias, stride: 2, padding: 1, outputPadding: [1, 0, 1] }),
    inputs: [spread([1, 1, 2, 2, 2]), spread([1, 2, 2, 3, 2], -1, 1), bias],
  },
  maxPool1d: { fn: (x) => x.square().maxPool1d(2, { padding: 1 }), inputs: [spread([1, 2, 5])] },
  maxPool2d: { fn: (x) => x.square().maxPool2d(2, { padding: 1 }), inputs: [spread([1, 2, 4, 3])] },
  "maxPool2d, large windows": {
    fn: (x) => x.square().maxPool2d([10, 7], { padding: [4, 2], stride: 2 }),
    inputs: [spread([1, 1, 4, 4])],
  },
  maxPool3d: { fn: (x) => x.square().maxPool3d(2, { stride: 1 }), inputs: [spread([1, 1, 3, 2, 3])] },
  avgPool1d: { fn: (x) => x.square().avgPool1d(2, { ceilMode: true }), inputs: [spread([1, 2, 5])] },
  avgPool2d: {
    fn: (x) => x.square().avgPool2d(2, { stride: 1, padding: 1, countIncludePad: false }),
    inputs: [spread([1, 2, 4, 3])],
  },
  "avgPool2d, large windows": {
    fn: (x) => x.square().avgPool2d([10, 7], { padding: [4, 2], stride: 2 }),
    inputs: [spread([1, 1, 4, 4])],
  },
  avgPool3d: { fn: (x) => x.square().avgPool3d(2, { stride: 1 }), inputs: [spread([1, 1, 3, 2, 3])] },
  adaptiveAvgPool1d: { fn: (x) => x.square().adaptiveAvgPool1d(3), inputs: [spread([1, 2, 5])] },
  adaptiveAvgPool2d: { fn: (x) => x.square().adaptiveAvgPool2d([3, 2]), inputs: [spread([1, 2, 4, 3])] },
  "adaptiveAvgPool2d to one": { fn: (x) => x.square().adaptiveAvgPool2d(1), inputs: [image] },
  adaptiveAvgPool3d: { fn: (x) => x.square().adaptiveAvgPool3d([2, 1, 2]), inputs: [spread([1, 1, 3, 2, 3])] },
  adaptiveMaxPool1d: { fn: (x) => x.square().adaptiveMaxPool1d(3), inputs: [spread([1, 2, 5])] },
  adaptiveMaxPool2d: { fn: (x) => x.square().adaptiveMaxPool2d([3, 2]), inputs: [spread([1, 2, 4, 3])] },
  adaptiveMaxPool3d: { fn: (x) => x.square().adaptiveMaxPool3d([2, 1, 2]), inputs: [spread([1, 1, 3, 2, 3])] },
  maxUnpool1d: {
    fn: (x, at) => x.square().maxUnpool1d(at, 2),
    inputs: [spread([1, 2, 2]), fixed([0, 3, 1, 2], [1, 2, 2])],
  },
  maxUnpool2d: {
    fn: (x, at) => x.square().maxUnpool2d(at, [1, 3], { stride: 2, outputSize: [1, 4] }),
    inputs: [spread([1, 2, 1, 2]), fixed([0, 3, 1, 2], [1, 2, 1, 2])],
  },
  maxUnpool3d: {
    fn: (x, at) => x.square().maxUnpool3d(at, [1, 2, 2]),
    inputs: [spread([2, 1, 1, 2]), fixed([0, 7, 4, 3], [2, 1, 1, 2])],
  },
  interpolate: { fn: (x) => x.square().interpolate({ scaleFactor: 2 }), inputs: [spread([1, 1, 2, 3])] },
  "interpolate, bilinear": {
    fn: (x) => x.square().interpolate({ size: [3, 5], mode: "bilinear" }),
    inputs: [spread([1, 1, 2, 3])],
  },
  "interpolate, bilinear, corners": {
    fn: (x) => x.interpolate({ size: [3, 5], mode: "bilinear", alignCorners: true }),
    inputs: [spread([1, 2, 2, 3])],
  },
  "interpolate, trilinear": {
    fn: (x) => x.square().interpolate({ scaleFactor: 1.5, mode: "trilinear" }),
    inputs: [spread([1, 1, 2, 2, 3])],
  },
  "interpolate, bicubic": {
    fn: (x) => x.square().interpolate({ scaleFactor: 2, mode: "bicubic" }),
    inputs: [spread([1, 1, 2, 3])],
  },
});
