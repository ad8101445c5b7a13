#!/usr/bin/env python3
"""GpuNets against PyTorch on one GPU: the cases of cases.json, same inputs, outputs compared, medians, a table of ratios.

    compare.py (--exe PATH/GpuNets.GpuBenchmarks | --ours OUTPUT) [--device cuda:0] [--only TEXT] [--out FILE.md] [--no-compile] [--tiny]

PyTorch runs eagerly, through torch.compile, and where there is one through a further rival (flash attention, torch_geometric); the best
counts. Times of PyTorch are those of CUDA events. --device cpu --tiny is a trial run of everything on any machine. Without PyTorch the
half of GpuNets runs alone, and the table says so.
"""
import argparse
import datetime
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import time

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    MISSING = None
except ImportError as error:
    torch, MISSING = None, str(error)

BATCHES, BATCH_MS = 7, 60.0
GRAPHED = ", CUDA graph"
# How far values may differ, relative to their root mean square.
BOUNDS = {"Float32": 2e-4, "Tf32": 1e-2, "BFloat16": 6e-2}


def hashed(count, seed):
    """The numbers of Numbers.cs."""
    x = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((seed * 40503 + 1) & 0xFFFFFFFF)
    for _ in range(2):
        x = (x ^ (x >> np.uint32(16))) * np.uint32(0x45D9F3B)
    return x ^ (x >> np.uint32(16))


class Maker:
    """Makes inputs on the device, and the functions of each kind: WorkFactory.cs has the same."""

    def __init__(self, device, case, tiny):
        self.device, self.case, self.optimizer, self.model = device, case, None, None
        self.sizes = case["tiny" if tiny else "sizes"]

    def uniform(self, seed, *shape, scale=1.0):
        values = (hashed(int(np.prod(shape)), seed) >> np.uint32(8)).astype(np.float32) * np.float32(2.0 ** -24) - np.float32(0.5)
        return torch.from_numpy(values * np.float32(scale)).reshape(shape).to(self.device)

    def make(self):
        """(inputs, parameters, {variant: function of inputs})"""
        return getattr(self, self.case["kind"])(**self.sizes)

    def gemm(self, m, n, k):
        return [self.uniform(1, m, k), self.uniform(2, k, n)], [], {"eager": lambda x: x[0] @ x[1]}

    def conv(self, batch, size, dilation, out, **rest):
        channels = rest["in"]
        inputs = [self.uniform(1, batch, channels, size, size), self.uniform(2, out, channels, 3, 3), self.uniform(3, out)]
        return inputs, [], {"eager": lambda x: F.conv2d(x[0], x[1], x[2], padding=dilation, dilation=dilation)}

    def attention(self, batch, heads, time, size, causal):
        inputs = [self.uniform(seed, batch, heads, time, size) for seed in (1, 2, 3)]
        return inputs, [], {"sdpa": lambda x: F.scaled_dot_product_attention(x[0], x[1], x[2], is_causal=bool(causal))}

    def additive(self, batch, keys, units, features):
        inputs = [self.uniform(1, batch, units), self.uniform(2, batch, keys, units), self.uniform(3, units), self.uniform(4, batch, keys, features)]
        return inputs, [], {"eager": lambda x: (((x[0].unsqueeze(1) + x[1]).tanh() @ x[2]).softmax(1).unsqueeze(1) @ x[3]).squeeze(1)}

    def pairs(self, batch, objects, width):
        shapes = [(batch, objects, width), (batch, objects, width), (batch, width)] + [(width, width), (width,)] * 3
        inputs = [self.uniform(seed, *shape) for seed, shape in enumerate(shapes, start=1)]

        def run(x):
            a = F.relu(x[0].unsqueeze(2) + x[1].unsqueeze(1) + x[2].reshape(batch, 1, 1, width))
            for layer in (3, 5, 7):
                a = F.relu(F.linear(a, x[layer], x[layer + 1]))
            return a.sum((1, 2))
        return inputs, [], {"eager": run}

    def negate(self, count):
        # As many bytes as a copy: the ceiling of kernels that memory limits.
        return [self.uniform(1, count)], [], {"eager": lambda x: -x[0], "clone": lambda x: x[0].clone()}

    def add(self, count):
        return [self.uniform(1, count), self.uniform(2, count)], [], {"eager": lambda x: x[0] + x[1]}

    def gelu(self, count):
        return [self.uniform(1, count)], [], {"eager": lambda x: F.gelu(x[0])}

    def softmax(self, rows, columns):
        return [self.uniform(1, rows, columns)], [], {"eager": lambda x: x[0].softmax(-1)}

    def layernorm(self, rows, columns):
        inputs = [self.uniform(1, rows, columns), self.uniform(2, columns), self.uniform(3, columns)]
        return inputs, [], {"eager": lambda x: F.layer_norm(x[0], [columns], x[1], x[2])}

    def batchnorm(self, batch, channels, size):
        inputs = [self.uniform(1, batch, channels, size, size), self.uniform(2, channels), self.uniform(3, channels)]
        return inputs, [], {"eager": lambda x: F.batch_norm(x[0], None, None, x[1], x[2], training=True)}

    def scatter(self, edges, nodes, columns):
        index = torch.from_numpy((hashed(edges, 5) % np.uint32(nodes)).astype(np.int64)).to(self.device)
        variants = {"index_add": lambda x: torch.zeros(nodes, columns, device=self.device).index_add(0, index, x[0])}
        try:
            from torch_geometric.utils import scatter
            variants["torch_geometric"] = lambda x: scatter(x[0], index, dim=0, dim_size=nodes, reduce="sum")
        except ImportError:
            pass
        return [self.uniform(1, edges, columns)], [], variants

    def recurrent(self, layer, gates, units, batch, time):
        layer = layer(units, units).to(self.device)
        scale = 2 / units ** 0.5
        with torch.no_grad():
            for seed, (name, shape) in enumerate([("weight_ih_l0", (gates * units, units)), ("weight_hh_l0", (gates * units, units)),
                                                  ("bias_ih_l0", (gates * units,)), ("bias_hh_l0", (gates * units,))], start=11):
                getattr(layer, name).copy_(self.uniform(seed, *shape, scale=scale))
        return [self.uniform(1, time, batch, units)], list(layer.parameters()), {"cudnn": lambda x: layer(x[0])[0]}

    def lstm(self, **sizes):
        return self.recurrent(torch.nn.LSTM, 4, **sizes)

    def gru(self, **sizes):
        return self.recurrent(torch.nn.GRU, 3, **sizes)

    def small(self, count):
        def run(x):
            y = x[0]
            for _ in range(count):
                y = y + x[1]
            return y
        return [self.uniform(1, 1000), self.uniform(2, 1000)], [], {"eager": run}

    def ntm(self, batch, length):
        from ntm import CopyNtm
        model = CopyNtm(batch, length, self.device)
        return [], list(model.parameters()), {"eager": lambda x: model.loss()}

    def transformer(self, **sizes):
        from transformer import BOS, EOS
        model, sources = self.sentences(endless=False, **sizes)
        targets = self.ids(2, sizes["batch"], sizes["time"] - 1, sizes["vocabulary"])
        ends = torch.full_like(targets[:, :1], EOS)
        inputs, outputs = torch.cat([torch.full_like(ends, BOS), targets], 1), torch.cat([targets, ends], 1)
        self.optimizer = model.optimizer
        return [], list(model.weights.values()), {"eager": lambda x: model.loss(sources, inputs, outputs)}

    def translation(self, beam, extra, **sizes):
        model, sources = self.sentences(endless=True, extra=extra, **sizes)
        return [], [], {"eager": lambda x: model.search(sources, beam, sizes["time"] + extra)}

    def messages(self, moments, **sizes):
        """The order of evaluation, moments, is GpuNets' own: every case has all variants of PyTorch."""
        from message_passing import PeerMessagePassing
        self.model = PeerMessagePassing(self, **sizes)
        self.optimizer = self.model.optimizer
        variants = self.model.variants()
        return [], list(self.model.weights.values()), variants

    def sentences(self, endless, layers, size, hidden, heads, vocabulary, batch, time, extra, beam=1):
        from transformer import PeerTransformer
        model = PeerTransformer(self, layers, size, hidden, heads, vocabulary, time + extra + 1, endless)
        return model, self.ids(1, batch, time, vocabulary)

    def ids(self, seed, batch, time, vocabulary):
        return torch.from_numpy((hashed(batch * time, seed) % np.uint32(vocabulary - 4) + 4).astype(np.int64)).reshape(batch, time).to(self.device)


def forward(function, inputs):
    with torch.inference_mode():
        return function(inputs), None


def train(function, inputs, parameters, gradient, optimizer):
    for tensor in [*inputs, *parameters]:
        tensor.grad = None
    result = function(inputs)
    result.backward(gradient)
    if optimizer:
        optimizer.step()
    return result, (inputs[0].grad if inputs else None)


def milliseconds(run, device, runs):
    if device.startswith("cuda"):
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        for _ in range(runs):
            run()
        end.record()
        torch.cuda.synchronize()
        return start.elapsed_time(end) / runs
    begin = time.perf_counter()
    for _ in range(runs):
        run()
    return (time.perf_counter() - begin) * 1000 / runs


def probe(values, count=8):
    flat = values.detach().float().reshape(-1)
    return [flat[(i * 2654435761 + 12345) % flat.numel()].item() for i in range(count)]


def graphed(run):
    """A run that is recorded as a CUDA graph in its third call, after two on a stream beside, and replayed from then on."""
    graph, side, results, runs = torch.cuda.CUDAGraph(), torch.cuda.Stream(), [], itertools.count()

    def replay():
        if next(runs) < 2:
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                result = run()
            torch.cuda.current_stream().wait_stream(side)
            return result
        if not results:
            with torch.cuda.graph(graph):
                results.append(run())
        graph.replay()
        return results[0]
    return replay


def peer(case, device, tiny, compiled):
    """(best variant, {variant: median ms}, {variant: largest memory in bytes}, values to compare) of PyTorch."""
    cuda = device.startswith("cuda")
    held = torch.cuda.memory_allocated() if cuda else 0
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = case.get("precision") == "Tf32"
    maker = Maker(device, case, tiny)
    inputs, parameters, variants = maker.make()
    training = case.get("mode") == "train"
    low = case.get("precision") == "BFloat16"
    if low:
        inputs = [x.bfloat16() for x in inputs]
    if training:
        inputs = [x.requires_grad_() for x in inputs]
    if compiled and not tiny and case["kind"] not in ("ntm", "lstm", "gru", "translation"):
        # Steps are unrolled, so that compiling takes long: torch_geometric's variants do without.
        variants.update({f"compiled {name}": torch.compile(function) for name, function in list(variants.items()) if not name.startswith("NNConv")})
    if cuda and maker.model:
        variants.update({name + GRAPHED: function for name, function in list(variants.items())})
    times, peaks, values, gradient, result, first = {}, {}, None, None, None, None
    for name, function in variants.items():
        try:
            result = first = None
            if maker.model:
                maker.model.restart()
                if cuda:
                    torch.cuda.empty_cache()
                    torch.cuda.reset_peak_memory_stats()
            if training and gradient is None and case["kind"] not in ("ntm", "transformer", "messages"):
                shape = function(inputs).shape
                gradient = maker.uniform(9, *shape)
                gradient = gradient.bfloat16() if low else gradient
            run = (lambda: train(function, inputs, parameters, gradient, maker.optimizer)) if training else (lambda: forward(function, inputs))
            if name.endswith(GRAPHED):
                run = graphed(run)
            # Gradients of a model's parameters are those of a fourth run: a step of GpuNets takes its gradients with it, and it computes them once more after three.
            for _ in range(4 if maker.model else 3):
                result, first = run()
            if cuda:
                peaks[name] = torch.cuda.max_memory_allocated() - held
            if values is None or maker.model:
                found = probe(result) + (probe(first) if first is not None else [])
                if maker.model:
                    found += [value for one in maker.model.gradients() for value in probe(one)]
                values = values or found
                if difference(found, values) > BOUNDS[case.get("precision", "Float32")]:
                    raise RuntimeError(f"its values differ by {difference(found, values):.1e} from those of the first variant")
            runs = 1 if tiny else max(1, min(10000, int(BATCH_MS / max(1e-4, milliseconds(run, device, 2)))))
            times[name] = statistics.median(milliseconds(run, device, runs) for _ in range(BATCHES))
        except Exception as error:  # a variant that fails must not end the comparison
            print(f"{case['name']}: {name}: {type(error).__name__}: {error}", file=sys.stderr)
    if not times:
        raise RuntimeError("no variant of the peer ran")
    return min(times, key=times.get), times, peaks, values


def difference(ours, theirs):
    """The largest difference, relative to the root mean square of the result's values and the gradient's."""
    worst = 0.0
    for at in range(0, len(theirs), 8):
        expected, got = theirs[at:at + 8], ours[at:at + 8]
        scale = (sum(e * e for e in expected) / len(expected)) ** 0.5 or 1.0
        worst = max([worst] + [abs(e - g) / scale for e, g in zip(expected, got)])
    return worst


def known_peer(case, device, tiny, compiled, known):
    """What PyTorch gives for these sizes, or gave before: cases that differ in GpuNets' order of evaluation alone have one peer."""
    if case["kind"] != "messages":
        return peer(case, device, tiny, compiled)
    key = json.dumps({name: size for name, size in case["sizes"].items() if name != "moments"})
    if key not in known:
        known[key] = peer(case, device, tiny, compiled)
    return known[key]


def speeds(case, tiny, side, ms, peak):
    """A line of the second table."""
    rate = f"{case['tiny' if tiny else 'sizes']['batch'] / ms * 1000:.0f} {case['unit']}/s"
    return f"| {case['name']} | {side} | {ms:.4g} | {rate} | {'' if peak is None else f'{peak / 2 ** 20:.1f}'} |"


def row(case, ours, device, tiny, compiled, known):
    """A line of the table, whether all is well, and lines of the second table."""
    if "error" in ours:
        return f"| {case['name']} | {ours['error']} | | | | | |", False, []
    more = [speeds(case, tiny, "GpuNets", ours["ms"], ours["peak"])] if "unit" in case else []
    cells = [case["name"], f"{ours['ms']:.4g}"]
    rate = f"{case['bytes'] * case['sizes'].get('count', case['sizes'].get('rows', 0) * case['sizes'].get('columns', 0)) / ours['ms'] / 1e6:.0f}" \
        if "bytes" in case and not tiny else ""
    if MISSING:
        return "| " + " | ".join([*cells, "", "", str(case.get("mark", "")), rate, ""]) + " |", True, more
    before = len(known)
    try:
        best, times, peaks, values = known_peer(case, device, tiny, compiled, known)
    except Exception as error:
        return "| " + " | ".join([*cells, f"{type(error).__name__}: {error}"[:80].replace("|", "/"), "", "", rate, ""]) + " |", False, more
    off = difference(ours["probe"], values) if case["kind"] != "ntm" else None
    good = off is None or off <= BOUNDS[case.get("precision", "Float32")]
    ratio = f"{times[best] / ours['ms']:.2f}" if good else "outputs differ"
    cells += [f"{times[best]:.4g} ({best})", ratio, str(case.get("mark", "")), rate, "" if off is None else f"{off:.1e}"]
    if len(known) > before:
        more += [speeds(case, tiny, f"PyTorch, {name}", times[name], peaks.get(name)) for name in times]
    return "| " + " | ".join(cells) + " |", good, more


def versions(ours_device, ours_version, device):
    lines = [f"- Date: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC", f"- GpuNets {ours_version} on {ours_device}"]
    if MISSING:
        return lines + [f"- PyTorch did not run: {MISSING}"]
    try:
        from torch_geometric import __version__ as geometric
    except ImportError:
        geometric = "not there"
    lines.append(f"- PyTorch {torch.__version__}, torch_geometric {geometric}, Python {platform.python_version()}, on {device}")
    if device.startswith("cuda"):
        driver = subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"], capture_output=True, text=True, check=False)
        lines.append(f"- {driver.stdout.strip() or torch.cuda.get_device_name()}, CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}")
    return lines


def output_of_ours(options):
    if options.ours:
        with open(options.ours, encoding="utf-8") as file:
            return file.read()
    if not options.exe:
        sys.exit("--exe or --ours is needed")
    command = [options.exe, "--device", options.device, "--only", options.only] + (["--tiny"] if options.tiny else [])
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{options.exe} failed with {run.returncode}:\n{run.stderr[-2000:]}")
    return run.stdout


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exe", help="the built GpuNets.GpuBenchmarks")
    parser.add_argument("--ours", help="what GpuNets.GpuBenchmarks has printed before, instead of --exe")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--only", default="", help="parts of names, with commas between")
    parser.add_argument("--out", help="also write the table to this file")
    parser.add_argument("--no-compile", action="store_true", help="leave out torch.compile, which takes seconds per case")
    parser.add_argument("--tiny", action="store_true", help="tiny sizes: a trial run")
    options = parser.parse_args()
    sys.path.insert(0, here)
    if torch and options.device == "cpu":
        # oneDNN computes wrong convolutions of few channels on some CPUs (PyTorch 2.6, AVX-512: without it results equal those in double).
        torch.backends.mkldnn.set_flags(False)
    with open(os.path.join(here, "cases.json"), encoding="utf-8") as file:
        cases = {case["name"]: case for case in json.load(file)}
    lines = [json.loads(line) for line in output_of_ours(options).splitlines() if line.startswith("{") and line.endswith("}")]
    head, results = lines[0], [line for line in lines[1:] if any(name in line["name"] for name in options.only.split(","))]
    if not results:
        sys.exit(f"no case is called like '{options.only}'")
    text = ["# GpuNets against PyTorch on one GPU", "", *versions(head["device"], head["version"], options.device),
            f"- Command: `benchmarks/gpu/compare.py --device {options.device}{' --no-compile' if options.no_compile else ''}{' --tiny' if options.tiny else ''}`", "",
            "Milliseconds, medians. The ratio is the time of PyTorch's best variant over that of GpuNets: above 1 GpuNets is faster.", "",
            "| case | GpuNets | PyTorch (best) | ratio | mark | GB/s | difference |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    fine, known, second = True, {}, []
    print("\n".join(text), flush=True)
    for result in results:
        line, good, more = row(cases[result["name"]], result, options.device, options.tiny, not options.no_compile, known)
        fine &= good
        second += more
        text.append(line)
        print(line, flush=True)
    if second:
        second = ["", "All variants, and the largest memory that tensors took on the device: parameters, their moments and the batch included.", "",
                  "| case | side | ms | rate | MiB |", "| --- | --- | ---: | ---: | ---: |", *second]
        text += second
        print("\n".join(second), flush=True)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write("\n".join(text) + "\n")
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
