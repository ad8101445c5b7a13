using GpuNets.Kernels;

namespace GpuNets;

/// <summary>w = g v / ||v|| for every slice of v along an axis; dg = dw . v / ||v||, dv = g / ||v|| (dw - dg v / ||v||).</summary>
/// <param name="v">Directions.</param>
/// <param name="g">Lengths.</param>
/// <param name="inverse">1 / ||v|| of each slice.</param>
/// <param name="axis">The axis of the slices.</param>
/// <param name="w">The output.</param>
internal sealed class WeightNormOp(Tensor v, Tensor g, DeviceBuffer inverse, int axis, Tensor w) : SingleOp(w)
{
    public static Tensor Apply(Tensor v, Tensor g, int axis)
    {
        CheckDevice("WeightNorm", v.Device, g.Device);
        axis = v.Shape.Axis(axis, "WeightNorm");
        int slices = v.Shape[axis];
        if (g.Count != slices) throw new ShapeException("WeightNorm", $"scale {g.Shape} has {g.Count} elements but axis {axis} of {v.Shape} has {slices}.");
        var w = Tensor.Empty(v.Device, v.Shape, "WeightNorm");
        var inverse = v.Device.AllocateTemporary(slices, "inverse lengths");
        var (outer, inner) = Sides(v, axis);
        v.Device.ForRows(
            new WeightNormForward { V = v.Buffer.Floats, G = g.Buffer.Floats, W = w.Buffer.Floats, Inverse = inverse.Floats, Outer = outer, Slices = slices, Inner = inner },
            slices, inner, 20f + 0.3f * outer * inner);
        Recorder(v, g)?.Add(new WeightNormOp(v, g, inverse, axis, w));
        return w;
    }

    protected override void Backward(Tape tape, DeviceBuffer dw)
    {
        var device = v.Device;
        var (outer, inner) = Sides(v, axis);
        DeviceBuffer? dv = tape.Fresh(v), dg = tape.Fresh(g);
        device.ForRows(
            new WeightNormBackward
            {
                V = v.Buffer.Floats,
                G = g.Buffer.Floats,
                Inverse = inverse.Floats,
                Dw = dw.Floats,
                Dv = (dv ?? device.AllocateTemporary(v.Count, "gradient of a direction")).Floats,
                Dg = (dg ?? device.AllocateTemporary(g.Count, "gradient of a length")).Floats,
                Outer = outer,
                Slices = v.Shape[axis],
                Inner = inner,
            },
            v.Shape[axis], inner, 20f + 0.4f * outer * inner);
        if (dv is not null) tape.Put(v, dv);
        if (dg is not null) tape.Put(g, dg);
    }

    private static (int Outer, int Inner) Sides(Tensor v, int axis) => (v.Shape.Product(0, axis), v.Shape.Product(axis + 1, v.Shape.Rank));
}
