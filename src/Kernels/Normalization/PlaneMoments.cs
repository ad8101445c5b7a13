using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Mean and variance of sets of planes. A piece's mean and sum of squared differences come from two passes over it in cache; pieces are
/// joined by their means' distance from the common one (Chan, Golub and LeVeque 1979). No digits are lost where the mean is large, as
/// sum(x^2) - n mean^2 would, and the order of all sums depends on the shape alone.
/// </summary>
internal struct PlaneMoments
{
    public ArrayView<float> X;

    /// <summary>Of each slot: mean, sum of squared differences, number of elements; [3, slots].</summary>
    public ArrayView<float> Slots;

    public PlaneSets Sets;

    /// <summary>Fills the slot of one piece.</summary>
    public readonly unsafe void Piece<TTeam>(int plane, int piece) where TTeam : struct, ITeam
    {
        int n = Sets.PieceLength(piece);
        float* x = X.Ptr() + (plane * Sets.Size + piece * Sets.PieceSize);
        float mean = TTeam.Sum(n, new RowValues { X = x }) / n;
        float squares = TTeam.Sum(n, new SquaredDifference { X = x, Mean = mean });
        if (TTeam.Rank != 0) return;
        float* slot = Slots.Ptr() + Sets.Slot(plane, piece);
        slot[0] = mean;
        slot[Sets.Slots] = squares;
        slot[2 * Sets.Slots] = n;
    }

    /// <summary>Joins the slots of a set; every member of the team gets the results.</summary>
    public readonly unsafe void Join<TTeam>(int set, out float mean, out float variance) where TTeam : struct, ITeam
    {
        float sum = 0f, squares = 0f;
        for (int run = 0; run < Sets.SlotRuns; run++)
            sum += TTeam.Sum(Sets.SlotRun, new Weighted { Mean = Run(set, run), Slots = Sets.Slots });
        mean = sum / Sets.SetSize;
        for (int run = 0; run < Sets.SlotRuns; run++)
            squares += TTeam.Sum(Sets.SlotRun, new Distance { Mean = Run(set, run), Slots = Sets.Slots, Common = mean });
        variance = squares / Sets.SetSize;
    }

    private readonly unsafe float* Run(int set, int run) => Slots.Ptr() + Sets.RunStart(set, run);

    private unsafe struct Weighted : IElementMap
    {
        public float* Mean;
        public int Slots;

        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(Mean, i) * T.Load(Mean + 2 * Slots, i);
    }

    private unsafe struct Distance : IElementMap
    {
        public float* Mean;
        public int Slots;
        public float Common;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(Mean, i) - T.Of(Common);
            return T.MulAdd(T.Load(Mean + 2 * Slots, i) * d, d, T.Load(Mean + Slots, i));
        }
    }
}

/// <summary>(x - mean)^2, to be added up.</summary>
internal unsafe struct SquaredDifference : IElementMap
{
    public float* X;
    public float Mean;

    public readonly T At<T>(int i) where T : struct, ILane<T>
    {
        T d = T.Load(X, i) - T.Of(Mean);
        return d * d;
    }
}

/// <summary>Slots of all pieces: one team per piece. Devices with many teams, and sets too few for all cores.</summary>
internal struct PieceMoments : IRowKernel
{
    public static bool InFours => true;

    public PlaneMoments Moments;

    public readonly void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int plane = row / Moments.Sets.Pieces;
        Moments.Piece<TTeam>(plane, row - plane * Moments.Sets.Pieces);
    }
}

/// <summary>Mean, deviation and running statistics of each set from its slots: one team per set.</summary>
internal struct SetMoments : IRowKernel
{
    public PlaneMoments Moments;
    public SetStatistics Statistics;

    public readonly void Row<TTeam>(int set) where TTeam : struct, ITeam
    {
        Moments.Join<TTeam>(set, out float mean, out float variance);
        Statistics.Keep<TTeam>(set, mean, variance);
    }
}
