using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Lets the lanes of an emulated warp see each other's values, for the bodies of warp-wide instructions.</summary>
internal static unsafe class WarpExchange
{
    /// <summary>The values of all lanes; they can be read until <see cref="Close"/>.</summary>
    /// <param name="place">Room for a value per lane on the caller's stack; that of lane 0 is used.</param>
    /// <param name="value">The value of this lane.</param>
    public static T* Open<T>(T* place, T value) where T : unmanaged
    {
        var all = (T*)Warp.Shuffle((long)place, 0);
        all[Warp.LaneIdx] = value;
        Warp.Barrier();
        return all;
    }

    /// <summary>Waits until all lanes have read: then lane 0 may leave the method whose stack they read.</summary>
    public static void Close() => Warp.Barrier();
}
