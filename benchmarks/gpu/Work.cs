namespace GpuNets.GpuBenchmarks;

/// <summary>A function of fixed inputs; in training with the gradients of all inputs and parameters.</summary>
internal sealed class Work(Device device, Func<Tensor[], Tensor> function, Tensor[] inputs, IReadOnlyList<Parameter>? parameters = null) : IWork
{
    private Tensor? _gradient, _result;
    private IDisposable? _owner;

    /// <summary>Inputs that get no gradient come last, this many.</summary>
    public int Constants { get; init; }

    /// <summary>The gradient of the result in training; null for a scalar loss.</summary>
    public Func<Shape, Tensor>? GradientOf { get; init; }

    /// <summary>Moves the parameters after each training step; null: their gradients are made and thrown away.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>The gradients of all parameters are compared, too, in the order of their names.</summary>
    public bool ProbesParameters { get; init; }

    public void Forward()
    {
        _owner?.Dispose();
        _owner = device.Scope();
        _result = function(inputs);
    }

    public void Train()
    {
        Gradients();
        Optimizer?.Step();
    }

    /// <summary>
    /// Values of the result, and of the first gradient in training, by which both sides are compared. Gradients of parameters are computed once more, since a
    /// step of the optimizer takes them with it.
    /// </summary>
    public float[] Probe()
    {
        if (ProbesParameters) Gradients();
        IEnumerable<float> values = Numbers.Some(_result!.ToArray());
        if (_owner is Tape tape && inputs.Length > Constants) values = values.Concat(Numbers.Some(tape.Gradient(inputs[0])!.ToArray()));
        if (!ProbesParameters) return [.. values];
        return [.. values, .. parameters!.OrderBy(one => one.Path, StringComparer.Ordinal).SelectMany(one => Numbers.Some(one.Gradient!.ToArray()))];
    }

    public void Dispose() => _owner?.Dispose();

    private void Gradients()
    {
        if (GradientOf is not null && _gradient is null)
        {
            Forward();
            _owner!.Dispose();
            _gradient = GradientOf(_result!.Shape);   // of no scope that a run ends
        }
        _owner?.Dispose();
        foreach (var parameter in parameters ?? []) parameter.ClearGradient();
        var tape = device.Record();
        _owner = tape;
        foreach (var input in inputs.AsSpan(0, inputs.Length - Constants)) tape.Watch(input);
        _result = function(inputs);
        if (_gradient is null) tape.Backward(_result);
        else tape.Backward(_result, _gradient);
    }
}
