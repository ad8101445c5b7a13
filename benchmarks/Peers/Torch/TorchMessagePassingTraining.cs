using GpuNets.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>
/// Training steps of the same enn-s2s in TorchSharp, as torch_geometric's NNConv has it: all matrices A(e) once per step, then a batched product with
/// the states of the sources and index_add to the targets.
/// </summary>
internal sealed class TorchMessagePassingTraining : IWork
{
    private readonly MessagePassingSetting _setting;
    private readonly Dictionary<string, Parameter> _parameters;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _x, _edges, _values, _sources, _targets, _graphs;
    private float _loss;

    public TorchMessagePassingTraining(MessagePassingSetting setting)
    {
        _setting = setting;
        _parameters = setting.Weights.ToDictionary(weight => weight.Name, weight => new Parameter(Own(weight)));
        _optimizer = optim.Adam(_parameters.Values, MessagePassingSetting.LearningRate);
        (_x, _edges, _values) = (Own(setting.X), Own(setting.Edges), Own(setting.Values));
        int atoms = setting.One.Nodes;
        _sources = Index(setting.One.Sources);
        _targets = Index(setting.One.Targets);
        _graphs = tensor([.. Enumerable.Range(0, setting.Nodes).Select(v => (long)(v / atoms))]).clone();

        Tensor Index(int[] ends) => tensor([.. Enumerable.Range(0, setting.Molecules).SelectMany(g => ends.Select(v => (long)(g * atoms + v)))]).clone();
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        Gradients();
        _optimizer.step();
    }

    public IReadOnlyList<HostArray> Outputs()
    {
        using var scope = NewDisposeScope();
        Gradients();
        return TrainingOutputs.Of(_loss, _setting.Weights.Select(weight => _parameters[weight.Name].grad!.ToHost(weight.Name)));
    }

    public void Dispose()
    {
        foreach (var parameter in _parameters.Values) parameter.Dispose();
        _optimizer.Dispose();
        foreach (var value in new[] { _x, _edges, _values, _sources, _targets, _graphs }) value.Dispose();
    }

    private void Gradients()
    {
        _optimizer.zero_grad();
        var loss = nn.functional.mse_loss(Forward(), _values);
        loss.backward();
        _loss = loss.item<float>();
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
            var m = cat([Sum(along, there), Sum(against, there)], 1) + _parameters["step.message.bias"];
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
            var gates = Product(r, "readout.lstm.weight_ih") + _parameters["readout.lstm.bias_ih"] + Product(q, "readout.lstm.weight_hh") + _parameters["readout.lstm.bias_hh"];
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

    private Tensor Linear(Tensor x, string name) => nn.functional.linear(x, _parameters[$"{name}.weight"], _parameters[$"{name}.bias"]);

    private Tensor Product(Tensor x, string name) => x.matmul(_parameters[name].t());

    private static Tensor Own(HostArray values)
    {
        // Memory of libtorch's own.
        using var array = values.ToTorch();
        return array.clone();
    }
}
