namespace GpuNets.Kernels;

/// <summary>Four 32-bit registers: a fragment of a matrix, or 16 bytes of memory that move in one instruction.</summary>
internal struct UInt4
{
    public uint X, Y, Z, W;
}

/// <summary>Two 32-bit registers: the smaller operand of a tensor-core product.</summary>
internal struct UInt2
{
    public uint X, Y;
}
