namespace GpuNets.Kernels;

/// <summary>Offsets of two operands at a row of the result: level 1 is the axis right outside the row, up to five levels.</summary>
internal struct RowOffsets
{
    public int Levels;
    public int Size1, Size2, Size3, Size4;
    public int A1, A2, A3, A4, A5;
    public int B1, B2, B3, B4, B5;

    /// <summary>Offsets at a row. One level, the common case, costs no division.</summary>
    public readonly void At(int row, out int a, out int b)
    {
        a = 0;
        b = 0;
        int rest = row;
        if (Levels > 1) rest = Step(rest, Size1, A1, B1, ref a, ref b);
        if (Levels > 2) rest = Step(rest, Size2, A2, B2, ref a, ref b);
        if (Levels > 3) rest = Step(rest, Size3, A3, B3, ref a, ref b);
        if (Levels > 4) rest = Step(rest, Size4, A4, B4, ref a, ref b);
        a += rest * (Levels > 4 ? A5 : Levels > 3 ? A4 : Levels > 2 ? A3 : Levels > 1 ? A2 : A1);
        b += rest * (Levels > 4 ? B5 : Levels > 3 ? B4 : Levels > 2 ? B3 : Levels > 1 ? B2 : B1);
    }

    private static int Step(int rest, int size, int strideA, int strideB, ref int a, ref int b)
    {
        int next = rest / size, index = rest - next * size;
        a += index * strideA;
        b += index * strideB;
        return next;
    }
}
