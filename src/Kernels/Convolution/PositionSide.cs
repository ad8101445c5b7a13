using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What a thread loads of a laid-out source: four neighbouring positions of one term.</summary>
internal struct PositionPlace
{
    /// <summary>The term that comes next, and the positions.</summary>
    public int K, X, Y, Z, W;

    /// <summary>Quad of a stage [k][position] where they go.</summary>
    public int Target;
}

/// <summary>The side of the source in an implicit product over its terms.</summary>
internal static class PositionSide
{
    public static PositionPlace Place<TTile>(int thread, int first, in TapLayout layout) where TTile : struct, ITeamTile<TTile>
    {
        int perK = TTile.Width / 4, k = thread / perK, line = thread % perK * 4, at = first + line, last = layout.Length - 1;
        return new PositionPlace
        {
            K = k,
            X = layout.First + (at < last ? at : last),
            Y = layout.First + (at + 1 < last ? at + 1 : last),
            Z = layout.First + (at + 2 < last ? at + 2 : last),
            W = layout.First + (at + 3 < last ? at + 3 : last),
            Target = (k * TTile.Pitch + line) >> 2,
        };
    }

    /// <summary>Loads and moves on by one stage. Terms beyond the last repeat it: the weight's side is zero there.</summary>
    public static Float4 Next<TTile>(ArrayView<float> view, in TapLayout layout, ref PositionPlace place, int terms)
        where TTile : struct, ITeamTile<TTile>
    {
        int term = layout.Term(place.K < terms ? place.K : terms - 1);
        place.K += TTile.Depth;
        return new Float4 { X = view[term + place.X], Y = view[term + place.Y], Z = view[term + place.Z], W = view[term + place.W] };
    }
}
