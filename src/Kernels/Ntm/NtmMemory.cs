using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Reading and writing by one team. Read: r = sum_i w_i Mem_i. Write by some heads h at once, all erases first:
/// Mem_i' = Mem_i prod_h (1 - w_hi e_h) + sum_h w_hi a_h. Memory is [M, N]; lanes and threads run along N. Erase and add are one pass.
/// </summary>
internal static unsafe class NtmMemory
{
    /// <summary>r[m] = sum_i w_i Mem[m, i].</summary>
    public static void Read<TTeam>(NtmSizes z, float* weights, float* memory, float* read) where TTeam : struct, ITeam
    {
        for (int m = 0; m < z.Columns; m++)
        {
            float sum = TTeam.Sum(z.Rows, new Product { X = weights, Y = memory + m * z.Rows });
            if (TTeam.Rank == 0) read[m] = sum;
        }
        TTeam.Barrier();
    }

    /// <summary>Adds to the gradients of a weighting and of the memory what a read vector's gradient gives.</summary>
    public static void ReadGradient<TTeam>(NtmSizes z, float* weights, float* memory, float* dRead, float* dWeights, float* dMemory)
        where TTeam : struct, ITeam =>
        TTeam.Each(z.Rows, new ReadBody { W = weights, Memory = memory, DRead = dRead, DW = dWeights, DMemory = dMemory, N = z.Rows, M = z.Columns });

    /// <summary>
    /// Writes the memory that the heads of <paramref name="writers"/> leave to <paramref name="next"/>, which may be the memory itself, and where
    /// the work is done apart from the log also to <paramref name="kept"/>.
    /// </summary>
    public static void Write<TTeam, TPlace>(NtmSizes z, NtmWriters writers, float* memory, float* next, float* kept)
        where TTeam : struct, ITeam where TPlace : struct, INtmPlace
    {
        TTeam.Each(z.Rows, new WriteBody<TPlace> { Heads = writers, Memory = memory, Next = next, Kept = kept, N = z.Rows, M = z.Columns });
        TTeam.Barrier();
    }

    /// <summary>
    /// Gradient of a write: turns dMemory, the gradient of the memory after it, into that of the memory before it, adds to the gradients
    /// of the weightings, and puts those of e and a in place.
    /// </summary>
    public static void WriteGradient<TTeam>(NtmSizes z, NtmWriters writers, float* memory, float* dMemory, float* dWeights, float* dAct)
        where TTeam : struct, ITeam
    {
        int n = z.Rows;
        for (int m = 0; m < z.Columns; m++)
        {
            for (int h = 0; h < writers.Count; h++)
            {
                float* dw = dWeights + h * n, w = writers.Weights + h * n;
                int erase = h * writers.Stride + writers.Erase + m, add = erase + z.Columns;
                float dAdd = TTeam.Sum(n, new AddMap { W = w, DW = dw, DMemory = dMemory + m * n, Add = writers.Act[add] });
                float dErase = TTeam.Sum(n, new EraseMap { Heads = writers, Head = h, Row = m, N = n, DW = dw, Memory = memory + m * n, DMemory = dMemory + m * n });
                if (TTeam.Rank == 0)
                {
                    dAct[add] = dAdd;
                    dAct[erase] = dErase;
                }
            }
            TTeam.Each(n, new KeepBody { Heads = writers, Row = m, N = n, DMemory = dMemory + m * n });
        }
        TTeam.Barrier();
    }

    private struct Product : IElementMap
    {
        public float* X, Y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i) * T.Load(Y, i);
    }

    private struct ReadBody : IElementBody
    {
        public float* W, Memory, DRead, DW, DMemory;
        public int N, M;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            float* memory = Memory, dMemory = DMemory;
            T w = T.Load(W, i), dw = T.Load(DW, i), dw2 = T.Of(0f);
            int m = 0, at = i;
            for (; m + 2 <= M; m += 2)
            {
                T a = T.Of(DRead[m]), b = T.Of(DRead[m + 1]);
                dw = T.MulAdd(a, T.Load(memory, at), dw);
                T.Store(dMemory, at, T.MulAdd(w, a, T.Load(dMemory, at)));
                dw2 = T.MulAdd(b, T.Load(memory, at + N), dw2);
                T.Store(dMemory, at + N, T.MulAdd(w, b, T.Load(dMemory, at + N)));
                at += 2 * N;
            }
            if (m < M)
            {
                T a = T.Of(DRead[m]);
                dw = T.MulAdd(a, T.Load(memory, at), dw);
                T.Store(dMemory, at, T.MulAdd(w, a, T.Load(dMemory, at)));
            }
            T.Store(DW, i, dw + dw2);
        }
    }

    private struct WriteBody<TPlace> : IElementBody where TPlace : struct, INtmPlace
    {
        public NtmWriters Heads;
        public float* Memory, Next, Kept;
        public int N, M;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            float* weights = Heads.Weights, erase = Heads.Act + Heads.Erase;
            for (int m = 0, at = i; m < M; m++, at += N)
            {
                T value = T.Load(Memory, at);
                for (int h = 0; h < Heads.Count; h++)
                    value -= value * T.Load(weights, h * N + i) * T.Of(erase[h * Heads.Stride + m]);
                for (int h = 0; h < Heads.Count; h++)
                    value = T.MulAdd(T.Load(weights, h * N + i), T.Of(erase[h * Heads.Stride + M + m]), value);
                T.Store(Next, at, value);
                if (TPlace.IsApart) T.Store(Kept, at, value);
            }
        }
    }

    private struct AddMap : IElementMap
    {
        public float* W, DW, DMemory;
        public float Add;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(DMemory, i);
            T.Store(DW, i, T.MulAdd(d, T.Of(Add), T.Load(DW, i)));
            return d * T.Load(W, i);
        }
    }

    private struct EraseMap : IElementMap
    {
        public NtmWriters Heads;
        public float* DW, Memory, DMemory;
        public int Head, Row, N;

        public readonly T At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(DMemory, i) * T.Load(Memory, i);
            // The factors of the other heads; a division would fail where one erases everything.
            for (int h = 0; h < Heads.Count; h++) if (h != Head) d = Keep(Heads, h, Row, N, i, d);
            T.Store(DW, i, T.Load(DW, i) - d * T.Of(Heads.Act[Head * Heads.Stride + Heads.Erase + Row]));
            return -(d * T.Load(Heads.Weights, Head * N + i));
        }
    }

    private struct KeepBody : IElementBody
    {
        public NtmWriters Heads;
        public float* DMemory;
        public int Row, N;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T d = T.Load(DMemory, i);
            for (int h = 0; h < Heads.Count; h++) d = Keep(Heads, h, Row, N, i, d);
            T.Store(DMemory, i, d);
        }
    }

    /// <summary>d (1 - w_hi e_hm).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Keep<T>(NtmWriters heads, int h, int row, int n, int i, T d) where T : struct, ILane<T> =>
        d - d * T.Load(heads.Weights, h * n + i) * T.Of(heads.Act[h * heads.Stride + heads.Erase + row]);
}

/// <summary>Write heads that write at once, one after the other in memory.</summary>
internal unsafe struct NtmWriters
{
    /// <summary>Weightings [Count, N].</summary>
    public float* Weights;

    /// <summary>Activated parameters of the first head.</summary>
    public float* Act;

    /// <summary>From one head's parameters to the next one's, and from there to e; a follows e.</summary>
    public int Stride, Erase;

    public int Count;
}
