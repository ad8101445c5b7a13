namespace GpuNets;

/// <summary>The same values under other dimensions; shares the buffer of x.</summary>
internal sealed class ReshapeOp(Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Shape shape)
    {
        var y = new Tensor(shape, x.Buffer);
        Recorder(x)?.Add(new ReshapeOp(x, y));
        return y;
    }

    /// <summary>The shape that dimensions with at most one -1 stand for.</summary>
    public static Shape Resolve(Shape from, ReadOnlySpan<int> dimensions)
    {
        int[] sizes = dimensions.ToArray();
        int open = -1;
        long known = 1;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] < -1) throw new ShapeException("Reshape", $"dimension {sizes[axis]} of {Print(sizes)} is negative; only -1 stands for the rest.");
            if (sizes[axis] != -1) known *= sizes[axis];
            else if (open >= 0) throw new ShapeException("Reshape", $"{Print(sizes)} has more than one -1.");
            else open = axis;
        }
        if (open >= 0)
        {
            if (known == 0) throw new ShapeException("Reshape", $"the -1 of {Print(sizes)} may be anything, because the other dimensions make 0 elements.");
            if (from.Count % known != 0) throw new ShapeException("Reshape", $"{from} ({from.Count} elements) does not divide into {Print(sizes)}.");
            sizes[open] = (int)(from.Count / known);
        }
        else if (known != from.Count)
        {
            throw new ShapeException("Reshape", $"{from} has {from.Count} elements but {Print(sizes)} has {known}.");
        }
        return new Shape(sizes);
    }

    protected override void Backward(Tape tape, DeviceBuffer dy) => tape.PutShared(x, Output);

    private static string Print(int[] sizes) => $"[{string.Join(", ", sizes)}]";
}
