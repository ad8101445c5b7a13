using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y[r] = A[s] x[r] for every row r of segment s. dx[r] = A[s]^T dy[r]; dA[s] = sum of dy[r] x[r]^T over the rows of s.</summary>
internal sealed class SegmentMatMulOp(Tensor x, Segments segments, Tensor matrices, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Segments segments, Tensor matrices)
    {
        CheckDevice("SegmentMatMul", x.Device, segments.Device);
        CheckDevice("SegmentMatMul", x.Device, matrices.Device);
        if (x.Shape.Rank != 2 || x.Shape[0] != segments.Rows)
            throw new ShapeException("SegmentMatMul", $"x {x.Shape} must be [{segments.Rows}, in], a row per row of the segments.");
        if (matrices.Shape.Rank != 3 || matrices.Shape[0] != segments.Count || matrices.Shape[2] != x.Shape[1])
            throw new ShapeException("SegmentMatMul", $"matrices {matrices.Shape} must be [{segments.Count}, out, {x.Shape[1]}], one per segment, for x {x.Shape}.");
        var y = Tensor.Empty(x.Device, (segments.Rows, matrices.Shape[1]), "SegmentMatMul");
        GroupedGemm.Run(new(x.Buffer, matrices.Buffer, segments.Lists, y.Buffer, x.Shape[1], matrices.Shape[1], TransposeB: true, Accumulate: false));
        Recorder(x, matrices)?.Add(new SegmentMatMulOp(x, segments, matrices, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var (outputs, inputs) = (matrices.Shape[1], matrices.Shape[2]);
        if (tape.Target(x, out bool accumulate) is { } dx)
            GroupedGemm.Run(new(dy, matrices.Buffer, segments.Lists, dx, outputs, inputs, TransposeB: false, accumulate));
        if (tape.Target(matrices, out accumulate) is { } dmatrices)
            GroupedOuter.Run(dy, x.Buffer, segments.Lists, dmatrices, outputs, inputs, accumulate);
    }
}
