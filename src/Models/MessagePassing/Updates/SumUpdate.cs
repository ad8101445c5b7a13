namespace GpuNets.Models;

/// <summary>h' = h_v + m_v (deep tensor networks, Schuett et al. 2017). No parameters.</summary>
/// <param name="vars">Its place in the tree.</param>
public sealed class SumUpdate(Vars vars) : Module(vars), IUpdateFunction
{
    /// <inheritdoc/>
    public Func<Tensor, Tensor, Tensor> Open(GraphInput input) => (h, m) => h + m;

    /// <inheritdoc/>
    protected override string Describe() => "SumUpdate";
}
