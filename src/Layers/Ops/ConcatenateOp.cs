namespace GpuNets;

/// <summary>y = tensors side by side along an axis; each dx is its window of dy.</summary>
internal sealed class ConcatenateOp(Tensor[] inputs, Tensor y, int axis, int[] sizes) : SingleOp(y)
{
    public static Tensor Apply(int axis, ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.IsEmpty) throw new ShapeException("Concatenate", "expected at least one tensor.");
        var first = inputs[0];
        axis = first.Shape.Axis(axis, "Concatenate");
        long total = 0;
        for (int k = 0; k < inputs.Length; k++)
        {
            CheckDevice("Concatenate", first.Device, inputs[k].Device);
            var shape = inputs[k].Shape;
            if (shape.Rank != first.Shape.Rank || shape.With(axis, 0) != first.Shape.With(axis, 0))
                throw new ShapeException("Concatenate", $"tensor {k} has shape {shape}, which differs from {first.Shape} (tensor 0) in more than axis {axis}.");
            total += shape[axis];
        }
        if (total > int.MaxValue) throw new ShapeException("Concatenate", $"axis {axis} would have {total} elements.");
        int[] sizes = new int[inputs.Length];
        for (int k = 0; k < sizes.Length; k++) sizes[k] = inputs[k].Shape[axis];
        return Join(inputs, first.Shape.With(axis, (int)total), axis, sizes);
    }

    /// <summary>Tensors of one shape along a new axis.</summary>
    public static Tensor Stack(int axis, ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.IsEmpty) throw new ShapeException("Stack", "expected at least one tensor.");
        var first = inputs[0];
        var shape = Axes.Insert(first.Shape, axis, inputs.Length, "Stack", out axis);
        for (int k = 1; k < inputs.Length; k++)
        {
            CheckDevice("Stack", first.Device, inputs[k].Device);
            if (inputs[k].Shape != first.Shape)
                throw new ShapeException("Stack", $"tensor {k} has shape {inputs[k].Shape} but tensor 0 has {first.Shape}.");
        }
        int[] sizes = new int[inputs.Length];
        Array.Fill(sizes, 1);
        return Join(inputs, shape, axis, sizes);
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        int start = 0;
        for (int k = 0; k < inputs.Length; k++)
        {
            if (tape.Target(inputs[k], out bool accumulate) is { } dx)
                new Window(Output.Shape, axis, start, sizes[k]).Read("Concatenate", dy, dx, accumulate);
            start += sizes[k];
        }
    }

    private static Tensor Join(ReadOnlySpan<Tensor> inputs, Shape shape, int axis, int[] sizes)
    {
        var y = Tensor.Empty(inputs[0].Device, shape, "Concatenate");
        int start = 0;
        for (int k = 0; k < inputs.Length; k++)
        {
            new Window(shape, axis, start, sizes[k]).Write("Concatenate", y.Buffer, inputs[k].Buffer);
            start += sizes[k];
        }
        Recorder(inputs!)?.Add(new ConcatenateOp(inputs.ToArray(), y, axis, sizes));
        return y;
    }
}
