namespace GpuNets.Models;

/// <summary>First weights, which the paper does not give. Biases are 0, scales of norms 1.</summary>
public enum TransformerInitialization
{
    /// <summary>
    /// Matrices uniform in +-sqrt(6 / (in + out)) (tensor2tensor's uniform unit scaling of gain 1, which goes by the mean of in and out), embeddings normal of
    /// deviation d^-0.5.
    /// </summary>
    TensorToTensor,

    /// <summary>All matrices, embeddings too, uniform in +-sqrt(6 / (in + out)), as the Annotated Transformer has it.</summary>
    Xavier,
}
