"""PyTorch's side of the bench: the cases of ../cases under the same ids. Takes a plan and reports as ../child.ts does."""

import atexit
import itertools
import json
import os
import shutil
import sys
import tempfile
import time

plan = json.loads(sys.argv[-1])
LONG_SECONDS, SAMPLE_SECONDS, LEAST_SAMPLES = 2, 0.01, 5


def report(case, **line):
    os.write(3, (json.dumps({"case": case, "contestant": plan["contestant"], **line}) + "\n").encode())


if plan["fresh"]:
    start = time.perf_counter()
    import torch

    torch.set_num_threads(plan["threads"])
    (torch.randn(64, 64) @ torch.randn(64, 64)).numpy()
    report(plan["cases"][0], seconds=time.perf_counter() - start, runs=1)
    sys.exit()

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(plan["threads"])
torch.manual_seed(0)


def matmul(m, k, n, batch=None, transpose_a=False, transpose_b=False):
    front = [] if batch is None else [batch]
    a = torch.randn(*front, *([k, m] if transpose_a else [m, k]))
    b = torch.randn(*front, *([n, k] if transpose_b else [k, n]))
    a = a.mT if transpose_a else a
    b = b.mT if transpose_b else b
    return lambda: a @ b


def unary(shape, apply):
    x = torch.randn(shape)
    return lambda: apply(x)


def chain(x):
    return (x * 1.5 + 0.25).relu() * x - 0.5


def tanh_gelu(x):
    return ((x * x * 0.044715 + 1) * x * (2 / torch.pi) ** 0.5).tanh().add(1) * x * 0.5


def conv(n, c_in, c_out, side, backward):
    x = torch.randn(n, c_in, side, side, requires_grad=backward)
    w = torch.randn(c_out, c_in, 3, 3, requires_grad=backward)
    upstream = torch.randn(n, c_out, side, side)

    def run():
        y = F.conv2d(x, w, padding=1)
        if backward:
            y.backward(upstream)
            x.grad = w.grad = None

    return run


def train(model, shape):
    inputs = torch.randn(shape)
    labels = torch.arange(shape[0]) * 7 % 10
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    model.train()

    def run():
        loss = criterion(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()

    return run


def mlp():
    return train(nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)), [128, 784])


def cnn():
    layers = [nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    layers += [nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)]
    return train(nn.Sequential(*layers), [64, 1, 28, 28])


def conv3x3(c_in, c_out, stride=1):
    return nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False)


class ResidualBlock(nn.Module):
    """As in examples/cifar10-resnet."""

    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.conv1, self.bn1 = conv3x3(c_in, c_out, stride), nn.BatchNorm2d(c_out)
        self.conv2, self.bn2 = conv3x3(c_out, c_out), nn.BatchNorm2d(c_out)
        same = stride == 1 and c_in == c_out
        self.downsample = nn.Identity() if same else nn.Sequential(conv3x3(c_in, c_out, stride), nn.BatchNorm2d(c_out))

    def forward(self, x):
        inside = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(inside)) + self.downsample(x))


def resnet():
    layers = [conv3x3(3, 16), nn.BatchNorm2d(16), nn.ReLU(), ResidualBlock(16, 16), ResidualBlock(16, 16)]
    layers += [ResidualBlock(16, 32, 2), ResidualBlock(32, 32), ResidualBlock(32, 64, 2), ResidualBlock(64, 64)]
    layers += [nn.AvgPool2d(8), nn.Flatten(), nn.Linear(64, 10)]
    return train(nn.Sequential(*layers), [100, 3, 32, 32])


def adam(tensors, **options):
    size = 10_000_000 // tensors
    params = [nn.Parameter(torch.randn(size)) for _ in range(tensors)]
    for param in params:
        param.grad = torch.randn(size)
    return torch.optim.Adam(params, lr=1e-3, **options).step


def small_steps():
    params = [nn.Parameter(torch.randn(64)) for _ in range(1000)]
    for param in params:
        param.grad = torch.randn(64)
    return torch.optim.Adam(params, lr=1e-3).step


def scheduler():
    optimizer = torch.optim.SGD([{"params": [nn.Parameter(torch.zeros(1))]} for _ in range(100)], lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 1000)
    optimizer.step()
    return schedule.step


def writer():
    from tensorboardX import SummaryWriter

    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return SummaryWriter(folder)


def scalars():
    summary, step = writer(), itertools.count()

    def run():
        for _ in range(10_000):
            i = next(step)
            summary.add_scalar("train/loss", 1 / (1 + i), i)

    return run


def histogram():
    summary, step = writer(), itertools.count()
    values = torch.rand(3, 1_000_000).sum(0) - 1.5
    return lambda: summary.add_histogram("weights", values, next(step))


cases = {
    "matmul 128": lambda: matmul(128, 128, 128),
    "matmul 512": lambda: matmul(512, 512, 512),
    "matmul 1024": lambda: matmul(1024, 1024, 1024),
    "matmul 512x512x510": lambda: matmul(512, 512, 510),
    "matmul 511": lambda: matmul(511, 511, 511),
    "matmul 512, a transposed": lambda: matmul(512, 512, 512, transpose_a=True),
    "matmul 512, b transposed": lambda: matmul(512, 512, 512, transpose_b=True),
    "matmul 512, both transposed": lambda: matmul(512, 512, 512, transpose_a=True, transpose_b=True),
    "64 matmuls 64, batched": lambda: matmul(64, 64, 64, batch=64),
    "conv 3x3 16->32 on 8x16x32x32, forward": lambda: conv(8, 16, 32, 32, False),
    "conv 3x3 16->32 on 8x16x32x32, forward and both gradients": lambda: conv(8, 16, 32, 32, True),
    "conv 3x3 64->64 on 32x64x16x16, forward": lambda: conv(32, 64, 64, 16, False),
    "conv 3x3 64->64 on 32x64x16x16, forward and both gradients": lambda: conv(32, 64, 64, 16, True),
    "MLP step": mlp,
    "CNN step": cnn,
    "ResNet step": resnet,
    "Adam, 10 M in 1 tensor": lambda: adam(1),
    "Adam, 10 M in 1 tensor (PyTorch: fused=True)": lambda: adam(1, fused=True),
    "Adam, 10 M in 10 tensors": lambda: adam(10),
    "Adam, 10 M in 10 tensors (PyTorch: fused=True)": lambda: adam(10, fused=True),
    "Adam, 1,000 small tensors": small_steps,
    "CosineAnnealingLR, 100 groups": scheduler,
    "10,000 scalars": scalars,
    "histogram of 1 M values": histogram,
}
for millions in (1, 10):
    flat, grid = [millions * 1_000_000], [millions * 1_000, 1_000]
    cases |= {
        f"chain of five ops, {millions} M": lambda flat=flat: unary(flat, chain),
        f"gelu (tanh) written out, {millions} M": lambda flat=flat: unary(flat, tanh_gelu),
        f"sum, {millions} M": lambda flat=flat: unary(flat, torch.sum),
        f"sum over dim 0, {millions} M": lambda grid=grid: unary(grid, lambda x: x.sum(0)),
        f"sum over dim 1, {millions} M": lambda grid=grid: unary(grid, lambda x: x.sum(1)),
    }


def time_of(run, times):
    start = time.perf_counter()
    for _ in range(times):
        run()
    return time.perf_counter() - start


def measure(run):
    """Median time of one run, taken as ../measure.ts takes it."""
    effort = plan["effort"]
    first = latest = time_of(run, 1)
    if first > LONG_SECONDS:
        return {"seconds": first, "runs": 1}
    end = time.perf_counter() + effort["warmUpSeconds"]
    while time.perf_counter() < end:
        latest = time_of(run, 1)
    group = max(1, int(-(-SAMPLE_SECONDS // max(latest, 1e-7))))
    samples = []
    end = time.perf_counter() + effort["seconds"]
    while time.perf_counter() < end or len(samples) < LEAST_SAMPLES:
        samples.append(time_of(run, group) / group)
    samples.sort()
    middle = len(samples) // 2
    median = samples[middle] if len(samples) % 2 else (samples[middle - 1] + samples[middle]) / 2
    return {"seconds": median, "runs": len(samples) * group}


for case in plan["cases"]:
    try:
        report(case, **measure(cases[case]()))
    except Exception as error:
        report(case, failure=str(error))
