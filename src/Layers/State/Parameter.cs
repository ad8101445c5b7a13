namespace GpuNets;

/// <summary>A trainable tensor. Made by <see cref="Vars"/> alone; its gradient accumulates over tapes until an optimiser steps.</summary>
public sealed class Parameter : Tensor
{
    private readonly IReadOnlyDictionary<string, Parameter> _siblings;

    internal Parameter(string path, Shape shape, DeviceBuffer buffer, IReadOnlyDictionary<string, Parameter> siblings) : base(shape, buffer)
    {
        Path = path;
        _siblings = siblings;
        RequiresGradient = true;
        buffer.Label = $"{path} {shape}";
    }

    /// <summary>Its name in checkpoints, for instance <c>encoder.0.weight</c>.</summary>
    public string Path { get; }

    /// <summary>True once a backward pass reached this parameter, until an optimiser's step or <see cref="ClearGradient"/>.</summary>
    public bool HasGradient { get; private set; }

    /// <summary>The gradient; null if no backward pass reached this parameter since the last step.</summary>
    public Tensor? Gradient => HasGradient ? new Tensor(Shape, GradientBuffer!) : null;

    /// <summary>Replaces the values.</summary>
    /// <param name="values">As many values as the shape has elements, in row-major order.</param>
    public void Assign(ReadOnlySpan<float> values)
    {
        if (values.Length != Count) throw new ShapeException("Assign", $"{Path} has {Count} elements ({Shape}), got {values.Length} values.");
        Buffer.Write(values);
    }

    /// <summary>Forgets the gradient; the next backward pass overwrites it.</summary>
    public void ClearGradient()
    {
        HasGradient = false;
        Device.Recording?.Repeat(() => HasGradient = false);
    }

    /// <summary>Excludes the parameter from training: no gradient flows to it and an optimiser must not own it.</summary>
    /// <exception cref="StateException">An optimiser owns the parameter.</exception>
    public void Freeze()
    {
        if (Owner is not null) throw new StateException($"Freeze: {Path} belongs to a {Owner.GetType().Name}; freeze it before making the optimiser.");
        RequiresGradient = false;
        HasGradient = false;
    }

    /// <summary>The optimiser that updates this parameter.</summary>
    internal Optimizer? Owner { get; private set; }

    /// <summary>All parameters of the same <see cref="Vars"/> tree.</summary>
    internal IEnumerable<Parameter> Siblings => _siblings.Values;

    internal DeviceBuffer GradientTarget(out bool accumulate)
    {
        accumulate = HasGradient;
        HasGradient = true;
        Device.Recording?.Repeat(accumulate ? RepeatSum : RepeatFirst);
        return GradientBuffer ??= Device.Allocate(Count, $"gradient of {Path}");
    }

    private void RepeatFirst() => Repeat(accumulates: false);

    private void RepeatSum() => Repeat(accumulates: true);

    // The launches of a recorded step either overwrite the gradient or add to it.
    private void Repeat(bool accumulates)
    {
        if (HasGradient != accumulates)
            throw new InvalidOperationException(
                $"Capture: {Path} {(accumulates ? "had a gradient when the step was recorded and has none" : "had no gradient when the step was recorded and has one")}; "
                + "let each run begin as the first one did.");
        HasGradient = true;
    }

    /// <summary>Moves values and gradient to windows of an optimiser's flat buffers.</summary>
    internal void Rebind(DeviceBuffer values, DeviceBuffer gradient, Optimizer owner)
    {
        if (!RequiresGradient) throw new StateException($"Optimizer: {Path} is frozen; leave it out.");
        Owner = owner;
        Device.Copy(Buffer, values);
        if (HasGradient) Device.Copy(GradientBuffer!, gradient);
        Buffer.Free();
        GradientBuffer?.Free();
        Buffer = values;
        GradientBuffer = gradient;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Parameter {Path} {Shape}";
}
