namespace GpuNets;

/// <summary>y_k = the k-th of neighbouring pieces of x along an axis; dx is all dy_k side by side.</summary>
internal sealed class SplitOp(Tensor x, Tensor[] pieces, int axis, int[] sizes) : Op
{
    public override ReadOnlySpan<Tensor> Outputs => pieces;

    public static Tensor[] Apply(Tensor x, int axis, ReadOnlySpan<int> sizes)
    {
        axis = x.Shape.Axis(axis, "Split");
        long total = 0;
        foreach (int size in sizes)
        {
            if (size < 0) throw new ShapeException("Split", $"size {size} of [{string.Join(", ", sizes.ToArray())}] is negative.");
            total += size;
        }
        if (total != x.Shape[axis])
            throw new ShapeException("Split", $"sizes [{string.Join(", ", sizes.ToArray())}] add up to {total} but axis {axis} of {x.Shape} has {x.Shape[axis]}.");
        return Cut(x, axis, sizes.ToArray(), dropAxis: false);
    }

    /// <summary>All slices of size 1, without the axis.</summary>
    public static Tensor[] Unstack(Tensor x, int axis)
    {
        axis = x.Shape.Axis(axis, "Unstack");
        int[] sizes = new int[x.Shape[axis]];
        Array.Fill(sizes, 1);
        return Cut(x, axis, sizes, dropAxis: true);
    }

    public override void Backward(Tape tape)
    {
        if (tape.Target(x, out bool accumulate) is not { } dx) return;
        if (!accumulate && Array.Exists(pieces, piece => piece.GradientBuffer is null)) x.Device.Clear(dx);
        int start = 0;
        for (int k = 0; k < pieces.Length; k++)
        {
            if (pieces[k].GradientBuffer is { } dy) new Window(x.Shape, axis, start, sizes[k]).Write("Split", dx, dy, accumulate);
            start += sizes[k];
        }
    }

    private static Tensor[] Cut(Tensor x, int axis, int[] sizes, bool dropAxis)
    {
        var pieces = new Tensor[sizes.Length];
        int start = 0;
        for (int k = 0; k < pieces.Length; k++)
        {
            var shape = dropAxis ? Axes.Remove(x.Shape, axis) : x.Shape.With(axis, sizes[k]);
            pieces[k] = Tensor.Empty(x.Device, shape, "Split");
            new Window(x.Shape, axis, start, sizes[k]).Read("Split", x.Buffer, pieces[k].Buffer);
            start += sizes[k];
        }
        if (pieces.Length > 0) Recorder(x)?.Add(new SplitOp(x, pieces, axis, sizes));
        return pieces;
    }
}
