namespace GpuNets.Peers;

/// <summary>Training steps of a model on one batch: forward, loss, backward, update. A model adds what it is and its loss.</summary>
internal abstract class GpuNetsTraining : IWork
{
    private float _loss;

    /// <summary>Updates all parameters of the model, and clips gradients where the model wants that.</summary>
    protected abstract Optimizer Optimizer { get; }

    /// <summary>The loss of the batch; a tape is open.</summary>
    protected abstract Tensor Loss();

    /// <summary>What a step is compared by.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="gradients">Gradients of the optimiser's parameters, in their order and by their paths.</param>
    protected virtual IReadOnlyList<HostArray> Compared(float loss, IReadOnlyList<HostArray> gradients) => TrainingOutputs.Of(loss, gradients);

    public void Run()
    {
        Gradients();
        Optimizer.Step();
        Optimizer.Device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs()
    {
        Gradients();
        HostArray[] gradients = [.. Optimizer.Parameters.Select(parameter => parameter.Gradient!.ToHost(parameter.Path))];
        foreach (var parameter in Optimizer.Parameters) parameter.ClearGradient();
        return Compared(_loss, gradients);
    }

    public void Dispose() { }

    private void Gradients()
    {
        using var tape = Optimizer.Device.Record();
        var loss = Loss();
        tape.Backward(loss);
        _loss = loss.Item();
    }
}
