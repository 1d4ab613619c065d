import { CrossEntropyLoss, Linear, ReLU, Sequential } from "@anneal/nn";
import { Adam } from "@anneal/optim";
import { keep, memory, randn, scope, setDefaultDevice, tensor, wasm } from "@anneal/tensor";

const T = Number(process.argv[2] ?? 1);
setDefaultDevice(await wasm({ threads: T }));
const model = new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 10));
const criterion = new CrossEntropyLoss();
const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
const x = keep(randn([128, 784])).realize();
const y = tensor(Int32Array.from({ length: 128 }, (_, i) => i % 10));
function step() {
  return scope(() => {
    const loss = criterion.forward(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.itemSync();
  });
}
for (let i = 0; i < 200; i++) step();
const N = 300;
const ts = [];
let l = 0;
for (let r = 0; r < 5; r++) {
  const t = performance.now();
  for (let i = 0; i < N; i++) l = step();
  ts.push((performance.now() - t) / N);
}
ts.sort((a, b) => a - b);
console.log("mlp step ms", ts.map((t) => t.toFixed(3)).join(" "), "loss", l, memory());
