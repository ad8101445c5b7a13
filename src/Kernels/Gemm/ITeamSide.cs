using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What a thread loads of one operand. Lines are the rows of A or the columns of B.</summary>
internal struct TeamPlace
{
    /// <summary>Element of the operand that comes next, and what to add to it per stage.</summary>
    public int Index, Step;

    /// <summary>The k of that element, and how many of the four lines exist (where lines are neighbours).</summary>
    public int K, Lines;

    /// <summary>Where it goes in a stage [k][line].</summary>
    public int Target;
}

/// <summary>
/// How a group copies slices of an operand to shared memory: each of 256 threads four neighbouring elements per stage. Lines beyond
/// the matrix repeat the last one or read as zero (their sums are not stored); k beyond the matrix reads as zero.
/// </summary>
internal interface ITeamSide
{
    /// <summary>The place of a thread.</summary>
    /// <param name="thread">The thread, 0 to 255.</param>
    /// <param name="first">First line of the group's tile.</param>
    /// <param name="lines">Lines of the operand.</param>
    /// <param name="step">Elements from one line to the next, or from one k to the next: the step that is not 1.</param>
    /// <param name="start">First k.</param>
    static abstract TeamPlace Place<TTile>(int thread, int first, int lines, int step, int start = 0) where TTile : struct, ITeamTile<TTile>;

    /// <summary>Loads the next four elements and moves on by one stage.</summary>
    static abstract Float4 Next<TTile, TAccess>(ArrayView<float> view, ref TeamPlace place, int k)
        where TTile : struct, ITeamTile<TTile> where TAccess : struct, ITeamAccess;

    static abstract void Store<TTile>(ArrayView<Float4> stage, in TeamPlace place, Float4 value) where TTile : struct, ITeamTile<TTile>;
}

/// <summary>Neighbours differ in k: rows of A, or columns of a transposed B. They are spread over four rows of the stage.</summary>
internal readonly struct SideAlongK : ITeamSide
{
    public static TeamPlace Place<TTile>(int thread, int first, int lines, int step, int start = 0) where TTile : struct, ITeamTile<TTile>
    {
        int perLine = TTile.Depth / 4, line = thread / perLine, k = start + thread % perLine * 4, at = first + line;
        return new TeamPlace
        {
            Index = (at < lines ? at : lines - 1) * step + k,
            Step = TTile.Depth,
            K = k,
            Target = (k - start) * TTile.Pitch + line,
        };
    }

    public static Float4 Next<TTile, TAccess>(ArrayView<float> view, ref TeamPlace place, int k)
        where TTile : struct, ITeamTile<TTile> where TAccess : struct, ITeamAccess
    {
        var value = TAccess.Load(view, place.Index, k - place.K);
        place.Index += place.Step;
        place.K += TTile.Depth;
        return value;
    }

    public static void Store<TTile>(ArrayView<Float4> stage, in TeamPlace place, Float4 value) where TTile : struct, ITeamTile<TTile>
    {
        var floats = stage.Cast<float>();
        floats[place.Target] = value.X;
        floats[place.Target + TTile.Pitch] = value.Y;
        floats[place.Target + 2 * TTile.Pitch] = value.Z;
        floats[place.Target + 3 * TTile.Pitch] = value.W;
    }
}

/// <summary>Neighbours are lines at one k: columns of B, or rows of a transposed A. They lie side by side in the stage, too.</summary>
internal readonly struct SideAlongLines : ITeamSide
{
    public static TeamPlace Place<TTile>(int thread, int first, int lines, int step, int start = 0) where TTile : struct, ITeamTile<TTile>
    {
        int perK = TTile.Width / 4, k = thread / perK, line = thread % perK * 4;
        return new TeamPlace
        {
            Index = (start + k) * step + first + line,
            Step = TTile.Depth * step,
            K = start + k,
            Lines = lines - first - line,
            Target = k * TTile.Pitch + line,
        };
    }

    public static Float4 Next<TTile, TAccess>(ArrayView<float> view, ref TeamPlace place, int k)
        where TTile : struct, ITeamTile<TTile> where TAccess : struct, ITeamAccess
    {
        var value = TAccess.Load(view, place.Index, place.K < k ? place.Lines : 0);
        place.Index += place.Step;
        place.K += TTile.Depth;
        return value;
    }

    public static void Store<TTile>(ArrayView<Float4> stage, in TeamPlace place, Float4 value) where TTile : struct, ITeamTile<TTile> =>
        stage[place.Target >> 2] = value;
}
