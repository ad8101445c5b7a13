namespace GpuNets;

/// <summary>
/// y = f((x - mean) rstd weight + bias) with the statistics of groups of neighbouring channels of each sample; f is the identity or
/// max(z, 0), whose mask the gradient computes again.
/// </summary>
internal sealed class GroupNormOp(
    Tensor x, Tensor y, Tensor? weight, Tensor? bias, DeviceBuffer mean, DeviceBuffer inverse, int groups, bool relu) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, int groups, Tensor? weight, Tensor? bias, float epsilon, bool relu)
    {
        if (x.Shape.Rank < 2) throw new ShapeException("GroupNorm", $"takes [samples, channels] or [samples, channels, places...], got {x.Shape}.");
        var (samples, channels, size) = Sizes(x.Shape);
        if (groups < 1 || channels % groups != 0 || channels == 0)
            throw new ShapeException("GroupNorm", $"the {channels} channels of {x.Shape} do not fall into {groups} groups.");
        if (size == 0) throw new ShapeException("GroupNorm", $"there is nothing to normalise in {x.Shape}.");
        if (epsilon <= 0 || !float.IsFinite(epsilon)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "GroupNorm: epsilon must be positive.");
        if (weight is null && bias is not null) throw new ArgumentException("GroupNorm: a bias needs a weight.", nameof(bias));
        Check(x, weight, channels, "weight");
        Check(x, bias, channels, "bias");
        var y = Tensor.Empty(x.Device, x.Shape, "GroupNorm");
        var mean = x.Device.AllocateTemporary(samples * groups, "mean of GroupNorm");
        var inverse = x.Device.AllocateTemporary(samples * groups, "deviation of GroupNorm");
        if (x.Count > 0)
        {
            Kernels.GroupNorm.Forward(
                x.Buffer, weight?.Buffer, bias?.Buffer, y.Buffer, mean, inverse, samples, channels, size, groups, epsilon, relu);
        }
        Recorder(x, weight, bias)?.Add(new GroupNormOp(x, y, weight, bias, mean, inverse, groups, relu));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var (samples, channels, size) = Sizes(x.Shape);
        bool addWeight = false, addBias = false;
        var dx = tape.Fresh(x);
        var dw = weight is null ? null : tape.Target(weight, out addWeight);
        var db = bias is null ? null : tape.Target(bias, out addBias);
        if (x.Count > 0)
        {
            Kernels.GroupNorm.Backward(
                x.Buffer, dy, weight?.Buffer, bias?.Buffer, mean, inverse, dx, (dw, addWeight), (db, addBias), samples, channels, size, groups, relu);
        }
        else
        {
            if (dw is not null && !addWeight) x.Device.Clear(dw);
            if (db is not null && !addBias) x.Device.Clear(db);
        }
        if (dx is not null) tape.Put(x, dx);
    }

    private static (int Samples, int Channels, int Size) Sizes(Shape shape) => (shape[0], shape[1], shape.Product(2, shape.Rank));

    private static void Check(Tensor x, Tensor? values, int channels, string name)
    {
        if (values is null) return;
        CheckDevice("GroupNorm", x.Device, values.Device);
        if (values.Shape.Rank != 1 || values.Shape[0] != channels)
            throw new ShapeException("GroupNorm", $"{name} has shape {values.Shape}, expected [{channels}], a value for each channel of x {x.Shape}.");
    }
}
