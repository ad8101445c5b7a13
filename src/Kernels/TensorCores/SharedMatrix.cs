namespace GpuNets.Kernels;

/// <summary>
/// Where elements of a matrix lie in shared memory for products of warpgroups: lines of 128 bytes of k, of which eight make a block of
/// 1024 bytes at a multiple of 1024. Within a block the 16-byte chunks of a line change places (chunk c of line l is at c xor l), so that
/// a column of chunks lies in different banks. Copies of <see cref="TensorCopy"/> write this order, <see cref="Warpgroup"/> reads it.
/// </summary>
/// <remarks>PTX ISA, "Shared memory matrix layout" and "Matrix descriptor", 128-byte swizzling, k contiguous.</remarks>
internal static class SharedMatrix
{
    /// <summary>Bytes of a line, of a chunk, and of eight lines.</summary>
    public const int Line = 128, Chunk = 16, Block = 8 * Line;

    private const ulong Swizzle128 = 1UL << 62;

    /// <summary>The bits that tell the hardware where a matrix begins (a multiple of 16) and that blocks of eight lines follow each other.</summary>
    public static ulong Describe(uint address) => Swizzle128 | (ulong)(Block >> 4) << 32 | 1UL << 16 | (address & 0x3FFFFu) >> 4;

    /// <summary>The address of a byte of a line, as the hardware computes it from a description.</summary>
    public static uint Locate(ulong matrix, int line, int offset)
    {
        uint start = (uint)(matrix & 0x3FFF) << 4, step = (uint)(matrix >> 32 & 0x3FFF) << 4;
        uint address = start + (uint)(line >> 3) * step + (uint)(line & 7) * Line + (uint)offset;
        return matrix >> 62 == 1 ? Swizzle(address) : address;
    }

    /// <summary>The place of a byte whose place without swizzling is given: the chunk changes with the line within its block.</summary>
    public static uint Swizzle(uint address) => address ^ (address >> 7 & 7) << 4;
}
