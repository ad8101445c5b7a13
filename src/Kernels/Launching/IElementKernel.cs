namespace GpuNets.Kernels;

/// <summary>
/// An elementwise kernel. The struct holds the arguments (views and numbers); <see cref="Run"/> turns views into pointers and hands a
/// body to the loop: <c>loop.Each(new Body { X = X.Ptr(), ... })</c>.
/// </summary>
internal interface IElementKernel
{
    /// <summary>
    /// Whether a CUDA thread takes four neighbouring elements with 128-bit accesses. Host only. For kernels that move memory; not for those
    /// that go through the elements of a lane one by one, whose threads would no longer access neighbouring elements at once.
    /// </summary>
    static virtual bool InFours => false;

    void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop;
}

/// <summary>The elements that one call covers: one on a device thread, a contiguous range on a host core.</summary>
internal interface ILoop
{
    void Each<TBody>(TBody body) where TBody : struct, IElementBody;
}

/// <summary>One element per device thread.</summary>
internal readonly struct SingleElement(int index) : ILoop
{
    private readonly int _index = index;

    public void Each<TBody>(TBody body) where TBody : struct, IElementBody => body.At<Scalar>(_index);
}

/// <summary>Four neighbouring elements per device thread.</summary>
internal readonly struct FourElements(int index) : ILoop
{
    private readonly int _index = index;

    public void Each<TBody>(TBody body) where TBody : struct, IElementBody => body.At<LaneQuad>(_index);
}

/// <summary>A contiguous range on a host core.</summary>
internal readonly struct HostRange<TWide>(int start, int end) : ILoop where TWide : struct, ILane<TWide>
{
    public void Each<TBody>(TBody body) where TBody : struct, IElementBody => SimdTeam<TWide>.Range(start, end, body);
}

/// <summary>A kernel that works row by row (a row is whatever one team can do alone). The struct holds the arguments.</summary>
internal interface IRowKernel
{
    /// <summary>
    /// Whether CUDA threads take four neighbouring elements with 128-bit accesses where rows are a multiple of four long. Host only. For
    /// kernels that move memory; others would only need more registers.
    /// </summary>
    static virtual bool InFours => false;

    void Row<TTeam>(int row) where TTeam : struct, ITeam;
}

/// <summary>A kernel written for whole GPU groups with shared memory; a launcher offers it beside a form for hosts and PoCL.</summary>
internal interface IGroupKernel
{
    void Run(int group);
}

/// <summary>
/// An elementwise kernel over rows: what depends on the row (addresses, flags) is worked out once per call of <see cref="Run"/> on the
/// host and once per thread on devices, where neighbouring threads take neighbouring elements of one row.
/// </summary>
internal interface IRowElementKernel
{
    /// <summary>As <see cref="IElementKernel.InFours"/>, where rows are a multiple of four long.</summary>
    static virtual bool InFours => false;

    void Run<TLoop>(int row, TLoop loop) where TLoop : struct, ILoop;
}
