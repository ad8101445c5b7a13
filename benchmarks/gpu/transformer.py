"""The Transformer of the Multi30k tutorial in plain PyTorch: the peer of GpuNets' Transformer. Post-norm, learned positions, biases, ReLU, separate matrices."""
import torch
import torch.nn.functional as F

PAD, BOS, EOS = 0, 1, 2


def name_seed(name):
    """FNV-1a of a weight's name: the seed of its numbers, as in TransformerWork.cs."""
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    return seed


class PeerTransformer:
    def __init__(self, maker, layers, size, hidden, heads, vocabulary, positions, endless):
        self.layers, self.size, self.heads, self.scale, self.maker = layers, size, heads, size ** 0.5, maker
        self.weights = {}
        for side in ("encoder", "decoder"):
            self.add(f"{side}.embed_tokens.weight", vocabulary, size)
            self.add(f"{side}.embed_positions.weight", positions, size)
            for i in range(layers):
                name = f"{side}.layers.{i}"
                self.attention(f"{name}.self_attn", packed=True)
                norms = ["self_attn_layer_norm", "final_layer_norm"]
                if side == "decoder":
                    self.attention(f"{name}.encoder_attn", packed=False)
                    norms.append("encoder_attn_layer_norm")
                self.linear(f"{name}.fc1", hidden, size)
                self.linear(f"{name}.fc2", size, hidden)
                for norm in norms:
                    self.add(f"{name}.{norm}.weight", size)
                    self.add(f"{name}.{norm}.bias", size)
        self.linear("decoder.output_projection", vocabulary, size)
        if endless:
            with torch.no_grad():
                self.weights["decoder.output_projection.bias"][[PAD, EOS]] = -1e4
        self.optimizer = torch.optim.Adam(self.weights.values(), lr=5e-4)

    def add(self, name, *shape):
        values = self.maker.uniform(name_seed(name), *shape, scale=(12 / shape[-1]) ** 0.5 if len(shape) > 1 else 0.1)
        self.weights[name] = (values + 1 if name.endswith("norm.weight") else values).requires_grad_()

    def linear(self, name, out, size):
        self.add(f"{name}.weight", out, size)
        self.add(f"{name}.bias", out)

    def attention(self, name, packed):
        if packed:
            self.add(f"{name}.in_proj_weight", 3 * self.size, self.size)
            self.add(f"{name}.in_proj_bias", 3 * self.size)
        else:
            for part in ("q_proj", "k_proj", "v_proj"):
                self.linear(f"{name}.{part}", self.size, self.size)
        self.linear(f"{name}.out_proj", self.size, self.size)

    def apply(self, x, name):
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def norm(self, x, name):
        return F.layer_norm(x, [self.size], self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def join(self, x, name):
        return self.apply(x.transpose(1, 2).reshape(x.shape[0], x.shape[2], self.size), f"{name}.out_proj")

    def embed(self, side, ids, first=0):
        return F.embedding(ids, self.weights[f"{side}.embed_tokens.weight"]) * self.scale + self.weights[f"{side}.embed_positions.weight"][first:first + ids.shape[1]]

    def packed(self, x, name):
        return [self.split(part) for part in F.linear(x, self.weights[f"{name}.in_proj_weight"], self.weights[f"{name}.in_proj_bias"]).chunk(3, -1)]

    def feed_forward(self, x, name):
        return self.norm(x + self.apply(F.relu(self.apply(x, f"{name}.fc1")), f"{name}.fc2"), f"{name}.final_layer_norm")

    def encode(self, ids, mask):
        x = self.embed("encoder", ids)
        for i in range(self.layers):
            name = f"encoder.layers.{i}"
            q, k, v = self.packed(x, f"{name}.self_attn")
            x = self.norm(x + self.join(F.scaled_dot_product_attention(q, k, v, mask), f"{name}.self_attn"), f"{name}.self_attn_layer_norm")
            x = self.feed_forward(x, name)
        return x

    def source(self, memory, i):
        name = f"decoder.layers.{i}.encoder_attn"
        return self.split(self.apply(memory, f"{name}.k_proj")), self.split(self.apply(memory, f"{name}.v_proj"))

    def decode(self, x, i, source, mask, past=None):
        name = f"decoder.layers.{i}"
        q, k, v = self.packed(x, f"{name}.self_attn")
        if past is not None:
            if past[i] is not None:
                k, v = torch.cat([past[i][0], k], 2), torch.cat([past[i][1], v], 2)
            past[i] = (k, v)
        x = self.norm(x + self.join(F.scaled_dot_product_attention(q, k, v, is_causal=past is None), f"{name}.self_attn"), f"{name}.self_attn_layer_norm")
        query = self.split(self.apply(x, f"{name}.encoder_attn.q_proj"))
        x = self.norm(x + self.join(F.scaled_dot_product_attention(query, *source, mask), f"{name}.encoder_attn"), f"{name}.encoder_attn_layer_norm")
        return self.feed_forward(x, name)

    @staticmethod
    def mask(ids):
        return torch.zeros(ids.shape, device=ids.device).masked_fill(ids == PAD, float("-inf"))[:, None, None]

    def loss(self, sources, inputs, outputs):
        mask = self.mask(sources)
        memory = self.encode(sources, mask)
        x = self.embed("decoder", inputs)
        for i in range(self.layers):
            x = self.decode(x, i, self.source(memory, i), mask)
        return F.cross_entropy(self.apply(x, "decoder.output_projection").flatten(0, 1), outputs.flatten(), ignore_index=PAD)

    def search(self, sources, beam, steps):
        """Ids of the best hypothesis of each source, [batch, steps]; keys and values are kept. The end token is never said."""
        batch, device = len(sources), sources.device
        mask = self.mask(sources)
        memory = self.encode(sources, mask)
        kept = [[part.repeat_interleave(beam, 0) for part in self.source(memory, i)] for i in range(self.layers)]
        mask, past = mask.repeat_interleave(beam, 0), [None] * self.layers
        last = torch.full([batch * beam, 1], BOS, device=device)
        said, scores = last[:, :0], None
        first = torch.arange(batch, device=device)[:, None] * beam
        for step in range(steps):
            x = self.embed("decoder", last, step)
            for i in range(self.layers):
                x = self.decode(x, i, kept[i], mask, past)
            logits = self.apply(x, "decoder.output_projection")[:, 0]
            if beam == 1:
                last = logits.argmax(-1, keepdim=True)
            else:
                logs = logits.log_softmax(-1).view(batch, beam, -1)
                logs = logs[:, 0] if scores is None else (scores[:, :, None] + logs).flatten(1)
                scores, places = logs.topk(beam)
                rows = (first + places.div(logits.shape[-1], rounding_mode="floor")).flatten()
                last = (places % logits.shape[-1]).view(-1, 1)
                past = [(k[rows], v[rows]) for k, v in past]
                said = said[rows]
            said = torch.cat([said, last], 1)
        return said[::beam]
