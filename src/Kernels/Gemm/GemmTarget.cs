using ILGPU;

namespace GpuNets.Kernels;

/// <summary>C of a product with its epilogue: c = f((accumulate ? old : 0) + sum + bias).</summary>
internal struct GemmTarget<TAccess, TActivation> : ITeamTarget where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    public ArrayView<float> C, Old, Bias;
    public GemmGeometry Size;

    public readonly void Put(int row, int column, Float4 sums)
    {
        int count = Size.N - column;
        if (row >= Size.M || count <= 0) return;
        int index = row * Size.LeadingC + column;
        if (Size.HasBias != 0) sums = Float4.Add(sums, TAccess.Load(Bias, column, count));
        if (Size.Accumulate != 0) sums = Float4.Add(TAccess.Load(Old, index, count), sums);
        TAccess.Store(C, index, Float4.Apply<TActivation>(sums), count);
    }
}
