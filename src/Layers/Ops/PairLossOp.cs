using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = factor * sum of loss(x, t) over all elements.</summary>
internal sealed class PairLossOp<TLoss>(Tensor x, Tensor target, float factor, Tensor y) : SingleOp(y) where TLoss : struct, IPairLossOp
{
    public override string Name => typeof(TLoss).Name;

    public static Tensor Apply(Tensor x, Tensor target, LossReduction reduction)
    {
        string name = typeof(TLoss).Name;
        CheckDevice(name, x.Device, target.Device);
        if (x.Shape != target.Shape) throw new ShapeException(name, $"predictions {x.Shape} and targets {target.Shape} must have the same shape.");
        if (reduction == LossReduction.None)
            throw new ArgumentOutOfRangeException(nameof(reduction), reduction, $"{name}: gives a mean or a sum; for losses of elements write the formula.");
        float factor = reduction == LossReduction.Mean ? 1f / x.Count : 1f;
        var y = Tensor.Empty(x.Device, [], name);
        PairLoss.Forward<TLoss>(x.Buffer, target.Buffer, y.Buffer, factor);
        Recorder(x, target)?.Add(new PairLossOp<TLoss>(x, target, factor, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Fresh(x) is { } dx)
        {
            PairLoss.Backward<TLoss, OfPrediction>(x.Buffer, target.Buffer, dy, dx, factor);
            tape.Put(x, dx);
        }
        if (tape.Fresh(target) is { } dt)
        {
            PairLoss.Backward<TLoss, OfTarget>(x.Buffer, target.Buffer, dy, dt, factor);
            tape.Put(target, dt);
        }
    }
}
