namespace GpuNets.Models;

/// <summary>U_t of the framework: h_v' = U_t(h_v, m_v) (eq. 2).</summary>
public interface IUpdateFunction
{
    /// <summary>Computes what depends on the graphs alone, once for all steps that share the weights.</summary>
    /// <param name="input">The graphs of this run.</param>
    /// <returns>States [nodes, d] after a step, from those before and the messages [nodes, size].</returns>
    Func<Tensor, Tensor, Tensor> Open(GraphInput input);
}
