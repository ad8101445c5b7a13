using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y[s] = sum (or mean) of w[row] x[row] over the rows of segment s. dx[row] = w[row] dy[s] (divided by the length for the mean), dw[row] =
/// x[row] dy[s], summed over the columns that share the weight.
/// </summary>
internal sealed class SegmentSumOp(Tensor x, Tensor? weights, Segments segments, EdgeWeight weight, int columns, bool mean, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(string operation, Tensor x, Segments segments, Tensor? weights, bool mean)
    {
        CheckDevice(operation, x.Device, segments.Device);
        int columns = SegmentShape.Columns(operation, x, segments.Rows, "row of the segments");
        var weight = SegmentShape.Weight(operation, x, weights, segments.Rows);
        var y = Tensor.Empty(x.Device, SegmentShape.Rows(x.Shape, segments.Count), operation);
        SegmentSum.Run(x.Buffer, segments.Lists, weight, y.Buffer, columns, mean, accumulate: false);
        Recorder(x, weights)?.Add(new SegmentSumOp(x, weights, segments, weight, columns, mean, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is { } dx)
            EdgeGradients.Spread(dy, segments.Ids.Buffer, segments.Lists, weight, dx, columns, mean, accumulate);
        if (weights is not null && tape.Target(weights, out bool accumulateWeights) is { } dw)
            EdgeGradients.Weights(x.Buffer, dy, null, segments.Ids.Buffer, weight, dw, columns, accumulateWeights);
    }
}
