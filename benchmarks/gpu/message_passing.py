"""Training of enn-s2s (Gilmer et al. 2017) in PyTorch: the peer of MessagePassingNetwork, in plain PyTorch and with torch_geometric's NNConv.

With example = 0 the model as released: states padded from x, a channel each way with a common bias, the GRU whose candidate is
tanh(W m + U (r * h)), set2set with additive energies over [h, x]. With example = 1 what torch_geometric's example on QM9 has instead: a layer
before the first step, one channel, PyTorch's GRU with biases, energies that are products. Where that example differs from GpuNets' model it
gives way on both sides: messages are summed, not averaged; NNConv has no weights of the node itself; set2set runs over W [h, x], and the
input of its LSTM is r, not [q, r]. So all variants compute the same.
"""
import torch
import torch.nn.functional as F
from transformer import name_seed

INPUTS, EDGE_INPUTS, OUTPUTS, HIDDEN = 13, 5, 1, 200


class PeerMessagePassing:
    def __init__(self, maker, size, steps, reads, layers, width, example, batch, atoms):
        self.size, self.steps, self.reads, self.layers, self.example, self.maker = size, steps, reads, layers, example, maker
        self.channels = ["in"] if example else ["in", "out"]
        device = maker.device
        pairs = [(a, b) for a in range(atoms) for b in range(atoms) if a != b]
        one, first = torch.tensor(pairs).t(), torch.arange(batch)[:, None, None] * atoms
        self.edges = (one + first).transpose(0, 1).reshape(2, -1).contiguous().to(device)   # sources, targets
        self.graphs = torch.arange(batch).repeat_interleave(atoms).to(device)
        self.nodes, self.batch = batch * atoms, batch
        self.x = maker.uniform(1, self.nodes, INPUTS, scale=3.5)
        self.e = maker.uniform(2, self.edges.shape[1], EDGE_INPUTS)
        self.y = maker.uniform(3, batch, OUTPUTS, scale=3.5)
        self.weights = {}
        self.add_all(layers, width)
        self.start = {name: weight.detach().clone() for name, weight in self.weights.items()}
        cuda = device.startswith("cuda")
        self.optimizer = torch.optim.Adam(self.weights.values(), lr=1.3e-4, fused=cuda, capturable=cuda)

    def add_all(self, layers, width):
        size, units, message = self.size, self.size + INPUTS, len(self.channels) * self.size
        for channel in self.channels:
            self.perceptron(f"step.message.{channel}", EDGE_INPUTS, *[width] * layers, size * size)
        self.add("step.message.bias", message)
        if self.example:
            self.linear("start", size, INPUTS)
            self.cell("step.update", 3, size, message)
        else:
            self.add("step.update.gate_m", 2 * size, message)
            self.add("step.update.gate_h", 2 * size, size)
            self.add("step.update.m", size, message)
            self.add("step.update.h", size, size)
            self.add("readout.w2", units, units)
            self.add("readout.v", 1, units)
        self.add("readout.w1", units, units)
        self.cell("readout.lstm", 4, units, units)
        self.perceptron("readout.output", 2 * units, size if self.example else HIDDEN, OUTPUTS)
        # NNConv has matrices [in, out], GpuNets [out, in]: turned round once, here, and their gradients when they are compared.
        self.turned = [f"step.message.{channel}.{layers}.{part}" for channel in self.channels for part in ("weight", "bias")]
        self.weights = {name: (self.turn(weight) if name in self.turned else weight).requires_grad_() for name, weight in sorted(self.weights.items())}

    def add(self, name, *shape):
        self.weights[name] = self.maker.uniform(name_seed(name), *shape, scale=(24 / sum(shape)) ** 0.5 if len(shape) > 1 else 0.1)

    def linear(self, name, out, size):
        self.add(f"{name}.weight", out, size)
        self.add(f"{name}.bias", out)

    def perceptron(self, name, *widths):
        for layer, (size, out) in enumerate(zip(widths, widths[1:])):
            self.linear(f"{name}.{layer}", out, size)

    def cell(self, name, gates, units, inputs):
        self.add(f"{name}.weight_ih", gates * units, inputs)
        self.add(f"{name}.weight_hh", gates * units, units)
        self.add(f"{name}.bias_ih", gates * units)
        self.add(f"{name}.bias_hh", gates * units)

    def turn(self, rows):
        return rows.view(self.size, self.size, -1).transpose(0, 1).reshape(rows.shape)

    def restart(self):
        """Every variant begins with the same parameters and without moments."""
        self.optimizer.state.clear()
        with torch.no_grad():
            for name, weight in self.weights.items():
                weight.copy_(self.start[name])
                weight.grad = None

    def gradients(self):
        """Gradients in the order of the names."""
        return [self.turn(weight.grad) if name in self.turned else weight.grad for name, weight in self.weights.items()]

    def variants(self):
        """{name: loss}."""
        found = {"torch": lambda x: self.loss(self.matrices, self.sums, self.shares), "torch by moments": lambda x: self.loss(self.moments, self.sums, self.shares)}
        try:
            from torch_geometric.nn import NNConv
            from torch_geometric.utils import scatter, softmax
        except ImportError:
            return found

        def sums(values, index, count):
            return scatter(values, index, dim=0, dim_size=count, reduce="sum")

        def shares(energies):
            return softmax(energies, self.graphs, num_nodes=self.batch)

        def layer(network):
            return NNConv(self.size, self.size, network, aggr="add", root_weight=False, bias=False).to(self.maker.device)
        networks = {channel: layer(EdgeNetwork(self, channel)) for channel in self.channels}
        given = layer(torch.nn.Identity())

        def conv(channel):
            return lambda h: networks[channel](h, self.edges, self.e)

        def conv_once(channel):
            matrices = self.edge_network(channel, self.e)
            return lambda h: given(h, self.edges, matrices)
        # The first as its users write it: the edge network runs in every step, though the steps share its weights.
        found["NNConv"] = lambda x: self.loss(conv, sums, shares)
        found["NNConv, matrices once"] = lambda x: self.loss(conv_once, sums, shares)
        return found

    def loss(self, message, sums, shares):
        messages = [message(channel) for channel in self.channels]
        h = F.relu(self.apply(self.x, "start")) if self.example else F.pad(self.x, (0, self.size - INPUTS))
        for _ in range(self.steps):
            h = self.update(h, torch.cat([one(h) for one in messages], 1) + self.weights["step.message.bias"])
        return F.mse_loss(self.read(h, sums, shares), self.y)

    def apply(self, x, name):
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def product(self, x, name):
        return F.linear(x, self.weights[name])

    def hidden(self, channel, x):
        for layer in range(self.layers):
            x = F.relu(self.apply(x, f"step.message.{channel}.{layer}"))
        return x

    def edge_network(self, channel, e):
        return self.apply(self.hidden(channel, e), f"step.message.{channel}.{self.layers}")

    def matrices(self, channel):
        """All A(e) first, as the authors have it; then each times its state."""
        made = self.edge_network(channel, self.e).view(-1, self.size, self.size)
        return lambda h: self.sums(torch.bmm(h.index_select(0, self.edges[0]).unsqueeze(1), made).squeeze(1), self.edges[1], self.nodes)

    def moments(self, channel):
        """States times last hidden layer summed up per node, then one product: GpuNets' EdgeOrder.Moments."""
        name, features = f"step.message.{channel}.{self.layers}", self.hidden(channel, self.e)
        weight = self.weights[f"{name}.weight"].view(self.size, self.size, -1).transpose(1, 2).reshape(-1, self.size)
        bias = self.weights[f"{name}.bias"].view(self.size, self.size)

        def run(h):
            there = h.index_select(0, self.edges[0])
            products = self.sums((there.unsqueeze(2) * features.unsqueeze(1)).flatten(1), self.edges[1], self.nodes)
            return products @ weight + self.sums(there, self.edges[1], self.nodes) @ bias
        return run

    def update(self, h, m):
        if self.example:
            return torch.gru_cell(m, h, *self.cell_weights("step.update"))
        z, r = (self.product(m, "step.update.gate_m") + self.product(h, "step.update.gate_h")).sigmoid().chunk(2, 1)
        candidate = (self.product(m, "step.update.m") + self.product(r * h, "step.update.h")).tanh()
        return torch.lerp(h, candidate, z)

    def cell_weights(self, name):
        return [self.weights[f"{name}.{part}"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]

    def read(self, h, sums, shares):
        u = self.product(torch.cat([h, self.x], 1), "readout.w1")
        q = r = cell = torch.zeros(self.batch, u.shape[1], device=u.device)
        for _ in range(self.reads):
            q, cell = torch.lstm_cell(r, (q, cell), *self.cell_weights("readout.lstm"))
            if self.example:
                energies = (q.index_select(0, self.graphs) * u).sum(1, keepdim=True)
            else:
                energies = self.product((self.product(q, "readout.w2").index_select(0, self.graphs) + u).tanh(), "readout.v")
            r = sums(shares(energies) * u, self.graphs, self.batch)
        return self.apply(F.relu(self.apply(torch.cat([q, r], 1), "readout.output.0")), "readout.output.1")

    @staticmethod
    def sums(values, index, count):
        return torch.zeros(count, values.shape[1], device=values.device).index_add(0, index, values)

    def shares(self, energies):
        # Energies are small here: no maximum has to be taken off before exp, which torch_geometric's softmax does.
        powers = energies.exp()
        return powers / self.sums(powers, self.graphs, self.batch).index_select(0, self.graphs)


class EdgeNetwork(torch.nn.Module):
    """The network that NNConv calls."""

    def __init__(self, model, channel):
        super().__init__()
        self.model, self.channel = model, channel

    def forward(self, e):
        return self.model.edge_network(self.channel, e)
