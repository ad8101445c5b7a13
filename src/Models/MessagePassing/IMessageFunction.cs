namespace GpuNets.Models;

/// <summary>M_t of the framework: m_v = sum over neighbours w of M_t(h_v, h_w, e_vw) (eq. 1).</summary>
public interface IMessageFunction
{
    /// <summary>Features of a message.</summary>
    int Size { get; }

    /// <summary>Computes what depends on edges alone, once for all steps that share the weights.</summary>
    /// <param name="edges">The graphs of this run.</param>
    /// <returns>The sums of messages [nodes, Size] for states [nodes, d].</returns>
    /// <exception cref="ShapeException">The graphs lack what these messages read, or have it in another shape.</exception>
    Func<Tensor, Tensor> Open(EdgeStates edges);
}
