using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[n, c, i] = f(y[n, c, i] + bias[c]) in place, for products and sums whose kernel does not do so itself.</summary>
internal struct BiasActivation<TActivation> : IRowKernel where TActivation : struct, IUnaryOp
{
    public ArrayView<float> Y, Bias;
    public int Channels, Plane, HasBias;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam =>
        TTeam.Each(Plane, new Body { Y = Y.Ptr() + row * Plane, Bias = Bias.Ptr() + (HasBias != 0 ? row % Channels : 0), HasBias = HasBias });

    private unsafe struct Body : IElementBody
    {
        public float* Y, Bias;
        public int HasBias;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T y = T.Load(Y, i);
            if (HasBias != 0) y += T.Of(Bias[0]);
            T.Store(Y, i, TActivation.Forward(y));
        }
    }
}

/// <summary>Launches <see cref="BiasActivation{TActivation}"/>.</summary>
internal static class BiasActivation
{
    public static void Run(DeviceBuffer y, DeviceBuffer? bias, int channels, int plane, Activation activation)
    {
        switch (activation)
        {
            case Activation.Identity: if (bias is not null) Run<NoActivation>(y, bias, channels, plane); break;
            case Activation.Relu: Run<Relu>(y, bias, channels, plane); break;
            case Activation.Tanh: Run<Tanh>(y, bias, channels, plane); break;
            case Activation.Sigmoid: Run<Sigmoid>(y, bias, channels, plane); break;
            case Activation.Gelu: Run<Gelu>(y, bias, channels, plane); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    private static void Run<TActivation>(DeviceBuffer y, DeviceBuffer? bias, int channels, int plane) where TActivation : struct, IUnaryOp
    {
        if (plane == 0) return;
        y.Device.ForRows(
            new BiasActivation<TActivation> { Y = y.Floats, Bias = (bias ?? y).Floats, Channels = channels, Plane = plane, HasBias = bias is null ? 0 : 1 },
            y.Length / plane, plane);
    }
}
