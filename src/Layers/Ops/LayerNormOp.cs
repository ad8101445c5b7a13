using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y = f((x - mean) / sqrt(variance + epsilon) * weight + bias) over the last axes; keeps mean and inverse deviation of each row. f is the
/// identity or max(z, 0), whose mask the gradient computes again.
/// </summary>
internal sealed class LayerNormOp(
    Tensor x, Tensor y, Tensor? weight, Tensor? bias, DeviceBuffer mean, DeviceBuffer inverse, int columns, bool relu) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Shape normalized, Tensor? weight, Tensor? bias, float epsilon, bool relu)
    {
        int leading = x.Shape.Rank - normalized.Rank;
        if (normalized.Rank == 0 || leading < 0 || !x.Shape.Dimensions[leading..].SequenceEqual(normalized.Dimensions))
            throw new ShapeException("LayerNorm", $"the last axes of {x.Shape} must be {normalized}.");
        if (normalized.Count == 0) throw new ShapeException("LayerNorm", $"there is nothing to normalise in {normalized}.");
        if (epsilon <= 0 || !float.IsFinite(epsilon)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "LayerNorm: epsilon must be positive.");
        if (weight is null && bias is not null) throw new ArgumentException("LayerNorm: a bias needs a weight.", nameof(bias));
        Check(x, normalized, weight, "weight");
        Check(x, normalized, bias, "bias");
        int columns = normalized.Count, rows = x.Count / columns;
        var y = Tensor.Empty(x.Device, x.Shape, "LayerNorm");
        var mean = x.Device.AllocateTemporary(rows, "mean of LayerNorm");
        var inverse = x.Device.AllocateTemporary(rows, "deviation of LayerNorm");
        Kernels.LayerNorm.Forward(x.Buffer, weight?.Buffer, bias?.Buffer, y.Buffer, mean, inverse, columns, epsilon, relu);
        Recorder(x, weight, bias)?.Add(new LayerNormOp(x, y, weight, bias, mean, inverse, columns, relu));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        bool addWeight = false, addBias = false;
        var dx = tape.Fresh(x);
        var dw = weight is null ? null : tape.Target(weight, out addWeight);
        var db = bias is null ? null : tape.Target(bias, out addBias);
        int rows = x.Count / columns, blocks = Kernels.LayerNorm.Blocks(rows);
        var partial = dw is null && db is null ? null : x.Device.AllocateTemporary(2 * blocks * columns, "partial sums of LayerNorm");
        Kernels.LayerNorm.Backward(x.Buffer, weight?.Buffer, bias?.Buffer, mean, inverse, dy, dx, partial, columns, relu);
        if (dx is not null) tape.Put(x, dx);
        if (partial is null) return;
        if (rows == 0)
        {
            if (dw is not null && !addWeight) x.Device.Clear(dw);
            if (db is not null && !addBias) x.Device.Clear(db);
            return;
        }
        if (dw is not null) BlockSums.Launch(partial, 0, 2 * columns, blocks, dw, addWeight);
        if (db is not null) BlockSums.Launch(partial, columns, 2 * columns, blocks, db, addBias);
    }

    private static void Check(Tensor x, Shape normalized, Tensor? parameter, string name)
    {
        if (parameter is null) return;
        CheckDevice("LayerNorm", x.Device, parameter.Device);
        if (parameter.Shape != normalized) throw new ShapeException("LayerNorm", $"{name} has shape {parameter.Shape}, expected {normalized} as the last axes of x {x.Shape}.");
    }
}
