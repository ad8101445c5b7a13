using GpuNets.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>
/// Training steps of the same enn-s2s in TorchSharp, as torch_geometric's NNConv has it: all matrices A(e) once per step, then a batched product with
/// the states of the sources and index_add to the targets.
/// </summary>
internal sealed class TorchMessagePassingTraining : TorchTraining
{
    private readonly MessagePassingSetting _setting;
    private readonly Tensor _x, _edges, _values, _sources, _targets, _graphs;

    public TorchMessagePassingTraining(MessagePassingSetting setting)
    {
        _setting = setting;
        Parameters = setting.Weights.ToParameters();
        Optimizer = optim.Adam(Parameters.Values, MessagePassingSetting.LearningRate);
        (_x, _edges, _values) = (setting.X.ToOwn(), setting.Edges.ToOwn(), setting.Values.ToOwn());
        int atoms = setting.One.Nodes;
        _sources = Index(setting.One.Sources);
        _targets = Index(setting.One.Targets);
        _graphs = tensor([.. Enumerable.Range(0, setting.Nodes).Select(v => (long)(v / atoms))]).clone();

        Tensor Index(int[] ends) => tensor([.. Enumerable.Range(0, setting.Molecules).SelectMany(g => ends.Select(v => (long)(g * atoms + v)))]).clone();
    }

    protected override OrderedDictionary<string, Parameter> Parameters { get; }

    protected override optim.Optimizer Optimizer { get; }

    protected override Tensor Loss() => nn.functional.mse_loss(Forward(), _values);

    public override void Dispose()
    {
        base.Dispose();
        foreach (var value in new[] { _x, _edges, _values, _sources, _targets, _graphs }) value.Dispose();
    }

    private Tensor Forward()
    {
        var model = _setting.Model;
        int d = model.Size;
        Tensor along = Matrices("in"), against = Matrices("out");
        var h = nn.functional.pad(_x, [0, d - model.Inputs]);
        for (int t = 0; t < model.Steps; t++)
        {
            var there = h.index_select(0, _sources).unsqueeze(2);
            var m = cat([Sum(along, there), Sum(against, there)], 1) + Parameters["step.message.bias"];
            h = Gru(h, m, d);
        }
        return SetToSet(cat([h, _x], 1));

        Tensor Matrices(string channel)
        {
            var x = _edges;
            int layers = model.MessageHidden.Count;
            for (int l = 0; l <= layers; l++)
            {
                x = Linear(x, $"step.message.{channel}.{l}");
                if (l < layers) x = x.relu();
            }
            return x.reshape(-1, d, d);
        }

        Tensor Sum(Tensor matrices, Tensor there) => zeros(_setting.Nodes, d).index_add(0, _targets, matrices.bmm(there).squeeze(2), 1);
    }

    private Tensor Gru(Tensor h, Tensor m, int d)
    {
        var gates = (Product(m, "step.update.gate_m") + Product(h, "step.update.gate_h")).sigmoid();
        Tensor z = gates.narrow(1, 0, d), r = gates.narrow(1, d, d);
        var c = (Product(m, "step.update.m") + Product(r * h, "step.update.h")).tanh();
        return h + z * (c - h);
    }

    private Tensor SetToSet(Tensor both)
    {
        int graphs = _setting.Molecules, units = _setting.Model.Size + _setting.Model.Inputs;
        var u = Product(both, "readout.w1");
        Tensor q = zeros(graphs, units), r = zeros(graphs, units), cell = zeros(graphs, units);
        for (int step = 0; step < _setting.Model.ProcessingSteps; step++)
        {
            var gates = Product(r, "readout.lstm.weight_ih") + Parameters["readout.lstm.bias_ih"] + Product(q, "readout.lstm.weight_hh") + Parameters["readout.lstm.bias_hh"];
            var parts = gates.chunk(4, 1);
            cell = parts[1].sigmoid() * cell + parts[0].sigmoid() * parts[2].tanh();
            q = parts[3].sigmoid() * cell.tanh();
            // Energies are small: no maximum has to be taken off before exp.
            var e = Product((Product(q, "readout.w2").index_select(0, _graphs) + u).tanh(), "readout.v").exp();
            var sums = zeros(graphs, 1).index_add(0, _graphs, e, 1);
            var a = e / sums.index_select(0, _graphs);
            r = zeros(graphs, units).index_add(0, _graphs, a * u, 1);
        }
        return Linear(Linear(cat([q, r], 1), "readout.output.0").relu(), "readout.output.1");
    }

    private Tensor Linear(Tensor x, string name) => nn.functional.linear(x, Parameters[$"{name}.weight"], Parameters[$"{name}.bias"]);

    private Tensor Product(Tensor x, string name) => x.matmul(Parameters[name].t());
}
