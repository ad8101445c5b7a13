using GpuNets.Models;
using GpuNets.Reference;

namespace GpuNets.Tests.MessagePassing;

/// <summary>Message passing in double precision, one edge and one number after the other, straight from the formulas; gradients by a tape of scalars.</summary>
internal sealed class MessagePassingReference(MessagePassingOptions o, IReadOnlyDictionary<string, ReferenceValue[]> parameters)
{
    private readonly record struct Edge(int Source, int Target, int Label, float[] Features);

    public ReferenceValue[] Forward(GraphSample graph)
    {
        int n = graph.Edges.Nodes;
        var x = graph.Nodes.Select(row => row.Select(v => (ReferenceValue)(double)v).ToArray()).ToArray();
        Edge[] edges = [.. Enumerable.Range(0, graph.Labels.Length).Select(e => new Edge(graph.Edges.Sources[e], graph.Edges.Targets[e], graph.Labels[e], graph.Features[e]))];
        Edge[] reversed = graph.Directed ? [.. edges.Select(e => new Edge(e.Target, e.Source, e.Label, e.Features))] : edges;
        var edgeStates = edges.Select(e => Padded(Constants(e.Features), o.EdgeSize)).ToArray();
        var h = x.Select(row => o.Start == StateStart.Padded ? Padded(row, o.Size) : Map(Affine("start", row), Relu)).ToArray();
        List<ReferenceValue[][]> states = [h];
        var master = Zeros(o.MasterSize);
        for (int t = 0; t < o.Steps; t++)
        {
            string step = o.TieWeights ? "step" : $"steps.{t}";
            var next = Enumerable.Range(0, n).Select(_ => new List<ReferenceValue>()).ToArray();
            var extra = o.MasterSize > 0 ? Matrix("master.read.weight", master) : null;
            int offset = 0;
            for (int k = 0; k < o.Towers; k++)
            {
                string tower = o.Towers == 1 ? step : $"{step}.towers.{k}";
                var own = h.Select(row => row[(k * o.TowerSize)..((k + 1) * o.TowerSize)]).ToArray();
                var messages = Messages($"{tower}.message", own, graph, edges, reversed, edgeStates, t);
                for (int v = 0; v < n; v++)
                {
                    if (extra is not null) messages[v] = Add(messages[v], extra[offset..(offset + messages[v].Length)]);
                    next[v].AddRange(Update($"{tower}.update", own[v], messages[v], x[v], edges.Count(e => e.Target == v)));
                }
                if (n > 0) offset += messages[0].Length;
            }
            if (o.MasterSize > 0 && t + 1 < o.Steps) master = Gru("master.update", master, Matrix("master.write.weight", Sum(h, o.Size)), o.UpdateBias);
            h = [.. next.Select(row => o.Mixing is null ? row.ToArray() : Perceptron($"{step}.mixing", [.. row]))];
            states.Add(h);
        }
        return Readout(states, x);
    }

    private ReferenceValue[][] Messages(
        string name, ReferenceValue[][] h, GraphSample graph, Edge[] edges, Edge[] reversed, ReferenceValue[][] edgeStates, int t)
    {
        if (!o.TwoChannels && !o.MessageBias) return Channel(name, h, graph, edges, edgeStates, t);
        var messages = Channel($"{name}.in", h, graph, edges, edgeStates, t);
        if (o.TwoChannels) messages = [.. messages.Zip(Channel($"{name}.out", h, graph, reversed, edgeStates, t), (a, b) => (ReferenceValue[])[.. a, .. b])];
        return o.MessageBias ? [.. messages.Select(m => Add(m, parameters[$"{name}.bias"]))] : messages;
    }

    private ReferenceValue[][] Channel(string name, ReferenceValue[][] h, GraphSample graph, Edge[] edges, ReferenceValue[][] edgeStates, int t)
    {
        int n = h.Length, d = o.TowerSize;
        if (o.Message is MessageKind.Spectral or MessageKind.Chebyshev or MessageKind.Normalized) return Dense(name, h, graph, edges);
        int size = o.Message switch { MessageKind.Concatenation => d + o.EdgeInputs, MessageKind.EdgeStates => o.EdgeSize, _ => d };
        var sums = Enumerable.Range(0, n).Select(_ => Zeros(size)).ToArray();
        for (int i = 0; i < edges.Length; i++)
        {
            var edge = edges[i];
            var there = h[edge.Source];
            var e = Constants(edge.Features);
            var message = o.Message switch
            {
                MessageKind.Matrices => Product(parameters[$"{name}.matrices"][(edge.Label * d * d)..((edge.Label + 1) * d * d)], there),
                MessageKind.EdgeNetwork => Product(Perceptron(name, e), there),
                MessageKind.Pair => Perceptron(name, [.. there, .. h[edge.Target], .. o.EdgeInputs > 0 ? e : []]),
                MessageKind.Concatenation => [.. there, .. e],
                MessageKind.EdgeStates => edgeStates[i],
                _ => Map(Matrix($"{name}.fc.weight", [.. Affine($"{name}.cf", there).Zip(Affine($"{name}.df", e), (a, b) => a * b)]), ReferenceValue.Tanh),
            };
            sums[edge.Target] = Add(sums[edge.Target], message);
        }
        if (o.Message == MessageKind.EdgeStates && t + 1 < o.Steps)
        {
            for (int i = 0; i < edges.Length; i++)
            {
                var own = Map(Affine($"{name}.w2", edgeStates[i]), Relu);
                var ends = Map(Affine($"{name}.w3", [.. h[edges[i].Target], .. h[edges[i].Source]]), Relu);
                edgeStates[i] = Map(Affine($"{name}.w4", [.. own, .. ends]), Relu);
            }
        }
        return sums;
    }

    // Messages by dense matrices of the whole graph.
    private ReferenceValue[][] Dense(string name, ReferenceValue[][] h, GraphSample graph, Edge[] edges)
    {
        int n = h.Length, d = o.TowerSize;
        var adjacency = new double[n, n];
        foreach (var e in edges) adjacency[e.Target, e.Source]++;
        if (o.Message == MessageKind.Spectral)
        {
            float[] modes = graph.Modes;
            var result = h.Select(_ => Zeros(d)).ToArray();
            for (int k = 0; k < o.SpectralOrder; k++)
            {
                var filter = parameters[$"{name}.filters"][(k * d * d)..((k + 1) * d * d)];
                for (int v = 0; v < n; v++)
                    for (int w = 0; w < n; w++)
                        result[v] = Add(result[v], Map(Product(filter, h[w]), value => value * ((double)modes[v * o.SpectralOrder + k] * modes[w * o.SpectralOrder + k])));
            }
            return result;
        }
        if (o.Message == MessageKind.Normalized)
            for (int v = 0; v < n; v++) adjacency[v, v]++;
        var degrees = Enumerable.Range(0, n).Select(v => Enumerable.Range(0, n).Sum(w => adjacency[v, w])).ToArray();
        var scaled = new double[n, n];
        for (int v = 0; v < n; v++)
            for (int w = 0; w < n; w++) scaled[v, w] = adjacency[v, w] == 0 ? 0 : adjacency[v, w] / Math.Sqrt(degrees[v] * degrees[w]);
        if (o.Message == MessageKind.Normalized) return Times(scaled, h);
        List<ReferenceValue[][]> terms = [h];
        for (int k = 1; k < o.SpectralOrder; k++)
        {
            var shifted = Times(scaled, terms[k - 1]).Select(row => Map(row, value => 0.0 - value)).ToArray();
            terms.Add(k == 1 ? shifted : [.. shifted.Zip(terms[k - 2], (a, b) => a.Zip(b, (s, u) => 2.0 * s - u).ToArray())]);
        }
        return [.. Enumerable.Range(0, n).Select(v => Affine($"{name}.w", [.. terms.SelectMany(term => term[v])]))];
    }

    private ReferenceValue[] Update(string name, ReferenceValue[] h, ReferenceValue[] m, ReferenceValue[] x, int degree)
    {
        switch (o.Update)
        {
            case UpdateKind.Gru: return Gru(name, h, m, o.UpdateBias);
            case UpdateKind.GruCell:
                var input = Product(parameters[$"{name}.weight_ih"], m);
                var hidden = Product(parameters[$"{name}.weight_hh"], h);
                if (o.UpdateBias) (input, hidden) = (Add(input, parameters[$"{name}.bias_ih"]), Add(hidden, parameters[$"{name}.bias_hh"]));
                int d = h.Length;
                return [.. Enumerable.Range(0, d).Select(i =>
                {
                    var r = Sigmoid(input[i] + hidden[i]);
                    var z = Sigmoid(input[d + i] + hidden[d + i]);
                    return (1.0 - z) * ReferenceValue.Tanh(input[2 * d + i] + r * hidden[2 * d + i]) + z * h[i];
                })];
            case UpdateKind.Network: return Perceptron(name, [.. h, .. x, .. m]);
            case UpdateKind.Degree:
                int size = h.Length * m.Length, index = Math.Min(degree, o.LargestDegree);
                return Map(Product(parameters[$"{name}.matrices"][(index * size)..((index + 1) * size)], m), Sigmoid);
            case UpdateKind.Weave: return Map(Affine($"{name}.w1", [.. Map(Affine($"{name}.w0", h), Relu), .. m]), Relu);
            case UpdateKind.Sum: return Add(h, m);
            case UpdateKind.Layer: return Map(Matrix($"{name}.w.weight", m), Function(o.UpdateActivation));
            default: return Map(m, Function(o.UpdateActivation));
        }
    }

    private ReferenceValue[] Gru(string name, ReferenceValue[] h, ReferenceValue[] m, bool bias)
    {
        int d = h.Length;
        var gates = Add(Matrix($"{name}.gate_m", m), Matrix($"{name}.gate_h", h));
        if (bias) gates = Add(gates, parameters[$"{name}.gate_bias"]);
        gates = Map(gates, Sigmoid);
        var candidate = Add(Matrix($"{name}.m", m), Matrix($"{name}.h", [.. h.Select((v, i) => gates[d + i] * v)]));
        if (bias) candidate = Add(candidate, parameters[$"{name}.bias"]);
        return [.. h.Select((v, i) => (1.0 - gates[i]) * v + gates[i] * ReferenceValue.Tanh(candidate[i]))];
    }

    private ReferenceValue[] Readout(List<ReferenceValue[][]> states, ReferenceValue[][] x)
    {
        var last = states[^1];
        var both = last.Zip(x, (h, own) => (ReferenceValue[])[.. h, .. own]).ToArray();
        var f = Function(o.ReadoutActivation);
        switch (o.Readout)
        {
            case ReadoutKind.GatedSum:
                return Sum([.. both.Select(row => Map(Perceptron("readout.i", row, f), Sigmoid).Zip(Perceptron("readout.j", row, f), (i, j) => i * j).ToArray())], o.Outputs);
            case ReadoutKind.SetToSet: return SetToSet(both);
            case ReadoutKind.LayerSoftmax:
                var softmax = states.SelectMany((layer, t) => layer.Select(h => Softmax(Matrix($"readout.w.{t}.weight", h))));
                return Perceptron("readout.output", Sum([.. softmax], o.ReadoutSize), f);
            case ReadoutKind.Histogram:
                var shares = last.Select(h => Map(Affine("readout.dense", h), ReferenceValue.Tanh).SelectMany(Shares).ToArray());
                return Perceptron("readout.output", Sum([.. shares], 11 * o.ReadoutSize), f);
            case ReadoutKind.Sum: return Perceptron("readout", Sum(last, o.Size), f);
            default: return Sum([.. last.Select(h => Perceptron("readout", h, f))], o.Outputs);
        }
    }

    private ReferenceValue[] SetToSet(ReferenceValue[][] both)
    {
        int units = o.Size + o.Inputs;
        var u = both.Select(row => Matrix("readout.w1", row)).ToArray();
        ReferenceValue[] q = Zeros(units), r = Zeros(units), cell = Zeros(units);
        for (int step = 0; step < o.ProcessingSteps; step++)
        {
            var gates = Add(Matrix("readout.lstm.weight_ih", r), Matrix("readout.lstm.weight_hh", q));
            foreach (string bias in o.ReleasedCandidate ? (string[])["bias"] : ["bias_ih", "bias_hh"]) gates = Add(gates, parameters[$"readout.lstm.{bias}"]);
            for (int i = 0; i < units; i++)
            {
                var candidate = ReferenceValue.Tanh(o.ReleasedCandidate ? Sigmoid(gates[2 * units + i]) : gates[2 * units + i]);
                cell[i] = Sigmoid(gates[units + i]) * cell[i] + Sigmoid(gates[i]) * candidate;
                q[i] = Sigmoid(gates[3 * units + i]) * ReferenceValue.Tanh(cell[i]);
            }
            var query = o.Energy == SetEnergy.Additive ? Matrix("readout.w2", q) : q;
            var weights = Softmax([.. u.Select(row => o.Energy == SetEnergy.Dot
                ? Dot(row, query)
                : Dot(Map(Add(query, row), ReferenceValue.Tanh), parameters["readout.v"]))]);
            r = Sum([.. u.Select((row, v) => Map(row, value => value * weights[v]))], units);
        }
        return Perceptron("readout.output", [.. q, .. r], Function(o.ReadoutActivation));
    }

    private static ReferenceValue[] Shares(ReferenceValue value)
    {
        var weights = HistogramReadout.Centres.Zip(HistogramReadout.Deviations, (c, s) =>
        {
            var z = (value - (double)c) / (double)s;
            return ReferenceValue.Exp(z * z * -0.5);
        }).ToArray();
        var total = Total(weights);
        return Map(weights, w => w / total);
    }

    private ReferenceValue[] Perceptron(string name, ReferenceValue[] x, Func<ReferenceValue, ReferenceValue>? f = null)
    {
        for (int l = 0; parameters.ContainsKey($"{name}.{l}.weight"); l++)
        {
            x = Affine($"{name}.{l}", x);
            if (parameters.ContainsKey($"{name}.{l + 1}.weight")) x = Map(x, f ?? Relu);
        }
        return x;
    }

    private ReferenceValue[] Affine(string name, ReferenceValue[] x) => Add(Matrix($"{name}.weight", x), parameters[$"{name}.bias"]);

    private ReferenceValue[] Matrix(string name, ReferenceValue[] x) => Product(parameters[name], x);

    private static ReferenceValue[] Product(ReferenceValue[] matrix, ReferenceValue[] x) =>
        [.. Enumerable.Range(0, matrix.Length / x.Length).Select(i => Dot(matrix[(i * x.Length)..((i + 1) * x.Length)], x))];

    private static ReferenceValue[][] Times(double[,] a, ReferenceValue[][] h) => [.. Enumerable.Range(0, h.Length).Select(v =>
        Sum([.. h.Select((row, w) => Map(row, value => value * a[v, w]))], h[0].Length))];

    private static ReferenceValue Dot(ReferenceValue[] a, ReferenceValue[] b) => Total(a.Zip(b, (x, y) => x * y));

    private static ReferenceValue Total(IEnumerable<ReferenceValue> values) => values.Aggregate((ReferenceValue)0.0, (a, b) => a + b);

    private static ReferenceValue[] Sum(ReferenceValue[][] rows, int size) => rows.Aggregate(Zeros(size), Add);

    private static ReferenceValue[] Softmax(ReferenceValue[] x)
    {
        var weights = Map(x, ReferenceValue.Exp);
        var total = Total(weights);
        return Map(weights, w => w / total);
    }

    private static ReferenceValue[] Constants(float[] values) => [.. values.Select(v => (ReferenceValue)(double)v)];

    private static ReferenceValue[] Padded(ReferenceValue[] row, int size) => [.. row, .. Zeros(Math.Max(0, size - row.Length))];

    private static ReferenceValue[] Zeros(int count) => [.. Enumerable.Repeat((ReferenceValue)0.0, count)];

    private static ReferenceValue[] Add(ReferenceValue[] a, ReferenceValue[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static ReferenceValue[] Map(ReferenceValue[] x, Func<ReferenceValue, ReferenceValue> f) => Array.ConvertAll(x, v => f(v));

    private static ReferenceValue Sigmoid(ReferenceValue x) => 1.0 / (1.0 + ReferenceValue.Exp(0.0 - x));

    private static ReferenceValue Relu(ReferenceValue x) => ReferenceValue.Max(x, 0.0);

    private static Func<ReferenceValue, ReferenceValue> Function(Activation activation) => activation switch
    {
        Activation.Relu => Relu,
        Activation.Tanh => ReferenceValue.Tanh,
        Activation.Sigmoid => Sigmoid,
        Activation.Identity => x => x,
        _ => throw new ArgumentException($"There is no reference of {activation}."),
    };
}
