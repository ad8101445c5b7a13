using System.Runtime.InteropServices;

namespace GpuNets.Kernels;

/// <summary>Memory of a host thread for laid-out sources and sums of tiles; kept, and made larger when a problem needs it.</summary>
internal static unsafe class HostConvScratch
{
    [ThreadStatic] private static float* t_block;
    [ThreadStatic] private static nint t_length;

    public static float* Take(nint length)
    {
        if (t_length < length)
        {
            NativeMemory.AlignedFree(t_block);
            t_length = 0;   // should the next line throw
            t_block = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
            t_length = length;
        }
        return t_block;
    }
}
