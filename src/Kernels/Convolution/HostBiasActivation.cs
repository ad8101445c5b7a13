using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>y = f(y + b) over a run of one channel that is still in cache.</summary>
internal static unsafe class HostBiasActivation
{
    public static void Apply(Activation activation, float* y, int count, float bias)
    {
        switch (activation)
        {
            case Activation.Identity: Run<NoActivation>(y, count, bias); break;
            case Activation.Relu: Run<Relu>(y, count, bias); break;
            case Activation.Tanh: Run<Tanh>(y, count, bias); break;
            case Activation.Sigmoid: Run<Sigmoid>(y, count, bias); break;
            case Activation.Gelu: Run<Gelu>(y, count, bias); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TOp>(float* y, int count, float bias) where TOp : struct, IUnaryOp
    {
        var body = new Body<TOp> { Y = y, Bias = bias };
        if (Vector512.IsHardwareAccelerated) SimdTeam<Lane512>.Each(count, body);
        else if (Vector256.IsHardwareAccelerated) SimdTeam<Lane256>.Each(count, body);
        else SimdTeam<Lane128>.Each(count, body);
    }

    private struct Body<TOp> : IElementBody where TOp : struct, IUnaryOp
    {
        public float* Y;
        public float Bias;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, TOp.Forward(T.Load(Y, i) + T.Of(Bias)));
    }
}
