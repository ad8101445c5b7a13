using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>Applies the activation to rows of C that are still in cache.</summary>
internal static unsafe class HostActivation
{
    public static void Apply(Activation activation, float* c, nint row, int rows, int columns)
    {
        switch (activation)
        {
            case Activation.Identity: break;
            case Activation.Relu: Rows<Relu>(c, row, rows, columns); break;
            case Activation.Tanh: Rows<Tanh>(c, row, rows, columns); break;
            case Activation.Sigmoid: Rows<Sigmoid>(c, row, rows, columns); break;
            case Activation.Gelu: Rows<Gelu>(c, row, rows, columns); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "not an activation");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TOp>(float* c, nint row, int rows, int columns) where TOp : struct, IUnaryOp
    {
        for (int i = 0; i < rows; i++, c += row)
        {
            if (Vector512.IsHardwareAccelerated) SimdTeam<Lane512>.Each(columns, new Body<TOp> { C = c });
            else if (Vector256.IsHardwareAccelerated) SimdTeam<Lane256>.Each(columns, new Body<TOp> { C = c });
            else SimdTeam<Lane128>.Each(columns, new Body<TOp> { C = c });
        }
    }

    private struct Body<TOp> : IElementBody where TOp : struct, IUnaryOp
    {
        public float* C;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(C, i, TOp.Forward(T.Load(C, i)));
    }
}
