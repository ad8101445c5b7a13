namespace GpuNets.Kernels;

/// <summary>Which matrix products in reduced precision run by warpgroups.</summary>
internal enum WarpgroupUse
{
    /// <summary>None: the device has no such instructions, or they are not wanted.</summary>
    Never,

    /// <summary>Those with work for all multiprocessors, where they were seen to be 2.4 times as fast.</summary>
    Large,

    /// <summary>All whose sides are 256 or more.</summary>
    Wherever,
}
