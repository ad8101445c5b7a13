using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>A task without a device whose every number follows from seed and update.</summary>
internal sealed class Walk(ulong seed = 3) : ITrainingTask
{
    private float _weight = 1, _momentum;

    public float Weight => _weight;

    public long NanFrom { get; init; } = long.MaxValue;

    public Action<long> OnStep { get; init; } = _ => { };

    public List<bool> Reports { get; } = [];

    public string Name { get; init; } = "walk";

    public ulong Seed => seed;

    public object Options => new { Width = 3, Rate = 0.1 };

    public StepResult Step(long index, bool report)
    {
        OnStep(index);
        Reports.Add(report);
        _momentum = (0.9f * _momentum) + new Philox(seed).Uniform((uint)index) - (0.1f * _weight);
        _weight += 0.1f * _momentum;
        float loss = index >= NanFrom ? float.NaN : _weight * _weight;
        return report ? new StepResult(loss, new Dictionary<string, double> { ["weight"] = _weight }) : default;
    }

    public StateDict SaveModel() => State("weight", _weight);

    public StateDict SaveOptimizer() => State("momentum", _momentum);

    public void Restore(StateDict model, StateDict optimizer)
    {
        model.Require([new("weight", [1])]);
        optimizer.Require([new("momentum", [1])]);
        (_weight, _momentum) = (model["weight"].ToFloats()[0], optimizer["momentum"].ToFloats()[0]);
    }

    private static StateDict State(string name, float value)
    {
        var state = new StateDict();
        state.Add(StateTensor.From(name, [1], [value]));
        return state;
    }
}
