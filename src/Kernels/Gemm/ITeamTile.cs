using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The sums of one of the 16 x 16 threads of a group, and the size of the tile that the group computes. Sums are fields of structs:
/// those always become registers. Stages are [k][line] with a pitch of Width + 4, against bank conflicts.
/// </summary>
internal interface ITeamTile<TSelf> where TSelf : struct, ITeamTile<TSelf>
{
    /// <summary>Rows and columns of the group's tile.</summary>
    static abstract int Width { get; }

    /// <summary>Values of k per stage; Width * Depth is 1024, four elements of each operand per thread.</summary>
    static abstract int Depth { get; }

    /// <summary>Floats from one k of a stage to the next.</summary>
    static abstract int Pitch { get; }

    /// <summary>Adds the products of one stage; the views start at the thread's first row of A and column of B.</summary>
    static abstract TSelf Add(TSelf sums, ArrayView<Float4> a, ArrayView<Float4> b);

    /// <summary>Hands out the sums, four columns at a time.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="row">First row of the thread.</param>
    /// <param name="column">First column of the thread.</param>
    static abstract void Store<TTarget>(TSelf sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget;
}

/// <summary>Where sums go.</summary>
internal interface ITeamTarget
{
    void Put(int row, int column, Float4 sums);
}
