using GpuNets.Kernels;

namespace GpuNets.Tests.Attention;

/// <summary>What dropout multiplies weights with, by its definition: the number of (query, key) has the counter (key / 4, query, stream, pair).</summary>
internal static class DropoutMask
{
    public static float At(Philox name, float dropout, int pair, int query, int key)
    {
        uint word = PhiloxCore.Block((uint)key >> 2, (uint)query, name.Stream, (uint)pair, (uint)name.Seed, (uint)(name.Seed >> 32), (uint)key & 3);
        return PhiloxCore.Uniform(word) < dropout ? 0f : 1 / (1 - dropout);
    }
}
