import { tensor, scope, memory, wasm, setDefaultDevice, keep, full, arange, linear, zeros } from "@anneal/tensor";
import { Adam } from "@anneal/optim";
const T = Number(process.argv[2] ?? 1);
setDefaultDevice(await wasm({threads:T}));
const mk=(s:number[])=>{const t=keep(arange(s.reduce((a,b)=>a*b,1)).to("float32").mul(1.37).sin().mul(0.03).reshape(s).realize()); const l=keep(t.detach().clone()).realize(); l.requiresGrad=true; return l;};
const w1=mk([256,784]), b1=mk([256]), w2=mk([10,256]), b2=mk([10]);
const optimizer = new Adam([w1,b1,w2,b2], { lr: 1e-3 });
const x = keep(mk([128,784]).detach()); const y = tensor(Int32Array.from({length:128},(_, i)=>i%10));
function step() { return scope(() => { const h = linear(linear(x,w1,b1).relu(),w2,b2); const loss = h.logSoftmax(1).gather(1,y.unsqueeze(1)).mean().neg(); optimizer.zeroGrad(); loss.backward(); optimizer.step(); return loss.itemSync(); }); }
for (let i=0;i<200;i++) step();
const N=300; const ts=[]; let l=0;
for (let r=0;r<5;r++){ const t=performance.now(); for (let i=0;i<N;i++) l=step(); ts.push((performance.now()-t)/N);} 
ts.sort((a,b)=>a-b); console.log("mlp step ms", ts.map(t=>t.toFixed(3)).join(" "), "loss", l, memory());
