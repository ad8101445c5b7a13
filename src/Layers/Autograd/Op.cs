namespace GpuNets;

/// <summary>
/// One recorded operation. A subclass holds forward and backward side by side: a static method checks shapes, launches kernels and,
/// when a tape is open and an input needs a gradient, records an instance; its constructor parameters are exactly what backward needs.
/// </summary>
internal abstract class Op
{
    /// <summary>Tensors that the operation made, most often one.</summary>
    public abstract ReadOnlySpan<Tensor> Outputs { get; }

    /// <summary>Adds the gradients of the inputs, given those of the outputs. Runs only if at least one output has a gradient.</summary>
    public abstract void Backward(Tape tape);

    /// <summary>Name of the operation for messages.</summary>
    public virtual string Name => GetType().Name is var name && name.IndexOf('`', StringComparison.Ordinal) is > 0 and var end ? name[..end] : GetType().Name;

    /// <summary>The open tape if one of the inputs needs a gradient, else null: then nothing is to be recorded.</summary>
    public static Tape? Recorder(params ReadOnlySpan<Tensor?> inputs)
    {
        foreach (var input in inputs)
            if (input is { RequiresGradient: true }) return Tape.Of(input.Device);
        return null;
    }

    /// <summary>Throws unless both operands live on the same device.</summary>
    public static void CheckDevice(string operation, Device expected, Device actual)
    {
        if (!ReferenceEquals(expected, actual)) throw new DeviceMismatchException(operation, expected.ToString(), actual.ToString());
    }
}

/// <summary>An operation with one output.</summary>
internal abstract class SingleOp(Tensor output) : Op
{
    private readonly Tensor _output = output;

    public sealed override ReadOnlySpan<Tensor> Outputs => new(in _output);

    /// <summary>The output's tensor.</summary>
    protected Tensor Output => _output;

    public sealed override void Backward(Tape tape) => Backward(tape, _output.GradientBuffer!);

    /// <summary>Adds the gradients of the inputs; <paramref name="dy"/> is that of the output.</summary>
    protected abstract void Backward(Tape tape, DeviceBuffer dy);
}
