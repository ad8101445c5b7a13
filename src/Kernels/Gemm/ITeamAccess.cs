using ILGPU;

namespace GpuNets.Kernels;

/// <summary>How a GPU thread reads and writes four neighbouring floats of a matrix.</summary>
internal interface ITeamAccess
{
    /// <summary>The part of a view from an element on.</summary>
    static abstract ArrayView<float> From(ArrayView<float> view, long start);

    /// <summary>The first <paramref name="count"/> of four elements (none below 1, all from 4 on); zero for the others.</summary>
    static abstract Float4 Load(ArrayView<float> view, int index, int count);

    /// <summary>Writes the first <paramref name="count"/> of four elements.</summary>
    static abstract void Store(ArrayView<float> view, int index, Float4 value, int count);
}

/// <summary>In one instruction: for views at 16-byte boundaries whose sizes and steps are multiples of 4, so that a count is never 1 to 3.</summary>
internal readonly struct VectorAccess : ITeamAccess
{
    // Counted in quads: behind an offset in floats the compiler no longer believes in the alignment and splits loads in four.
    public static ArrayView<float> From(ArrayView<float> view, long start)
    {
        var quads = view.Cast<Float4>();
        return quads.SubView(start >> 2, quads.Length - (start >> 2)).Cast<float>();
    }

    public static Float4 Load(ArrayView<float> view, int index, int count)
    {
        // Not a branch around the load, which then would wait for it.
        var value = view.Cast<Float4>()[count > 0 ? index >> 2 : 0];
        return new Float4
        {
            X = count > 0 ? value.X : 0f,
            Y = count > 0 ? value.Y : 0f,
            Z = count > 0 ? value.Z : 0f,
            W = count > 0 ? value.W : 0f,
        };
    }

    public static void Store(ArrayView<float> view, int index, Float4 value, int count)
    {
        if (count > 0) view.Cast<Float4>()[index >> 2] = value;
    }
}

/// <summary>One by one: for any view.</summary>
internal readonly struct ScalarAccess : ITeamAccess
{
    public static ArrayView<float> From(ArrayView<float> view, long start) => view.SubView(start, view.Length - start);

    public static Float4 Load(ArrayView<float> view, int index, int count)
    {
        Float4 value = default;
        if (count > 0) value.X = view[index];
        if (count > 1) value.Y = view[index + 1];
        if (count > 2) value.Z = view[index + 2];
        if (count > 3) value.W = view[index + 3];
        return value;
    }

    public static void Store(ArrayView<float> view, int index, Float4 value, int count)
    {
        if (count > 0) view[index] = value.X;
        if (count > 1) view[index + 1] = value.Y;
        if (count > 2) view[index + 2] = value.Z;
        if (count > 3) view[index + 3] = value.W;
    }
}
