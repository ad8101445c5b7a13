using GpuNets.Peers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>Training steps of a model on one batch: forward, loss, backward, update. A model adds what it is and its loss.</summary>
internal abstract class TorchTraining : IWork
{
    private float _loss;

    /// <summary>What is trained, by names and in an order that both sides share.</summary>
    protected abstract OrderedDictionary<string, Parameter> Parameters { get; }

    /// <summary>Updates the parameters, and clips gradients where the model wants that.</summary>
    protected abstract optim.Optimizer Optimizer { get; }

    /// <summary>The loss of the batch.</summary>
    protected abstract Tensor Loss();

    /// <summary>What a step is compared by.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="gradients">Gradients of the parameters, in their order and by their names.</param>
    protected virtual IReadOnlyList<HostArray> Compared(float loss, IReadOnlyList<HostArray> gradients) => TrainingOutputs.Of(loss, gradients);

    public void Run()
    {
        using var scope = NewDisposeScope();
        Gradients();
        Optimizer.step();
    }

    public IReadOnlyList<HostArray> Outputs()
    {
        using var scope = NewDisposeScope();
        Gradients();
        return Compared(_loss, [.. Parameters.Select(parameter => parameter.Value.grad!.ToHost(parameter.Key))]);
    }

    public virtual void Dispose()
    {
        foreach (var parameter in Parameters.Values) parameter.Dispose();
        Optimizer.Dispose();
    }

    private void Gradients()
    {
        Optimizer.zero_grad();
        var loss = Loss();
        loss.backward();
        _loss = loss.to(ScalarType.Float32).item<float>();
    }
}
