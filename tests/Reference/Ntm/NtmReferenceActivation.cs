namespace GpuNets.Reference;

/// <summary>Activations of head parameters and layers.</summary>
public enum NtmReferenceActivation
{
    Identity,
    Relu,
    Tanh,
    Sigmoid,
    Softplus,
}

/// <summary>Their formulas.</summary>
public static class NtmReferenceActivations
{
    /// <summary>f(x).</summary>
    public static T Of<T>(this NtmReferenceActivation kind, T x) where T : struct, IReferenceNumber<T> => kind switch
    {
        NtmReferenceActivation.Relu => T.Max(x, 0.0),
        NtmReferenceActivation.Tanh => T.Tanh(x),
        NtmReferenceActivation.Sigmoid => (T)1.0 / ((T)1.0 + T.Exp((T)0.0 - x)),
        NtmReferenceActivation.Softplus => T.Max(x, 0.0) + T.Log((T)1.0 + T.Exp((T)0.0 - T.Max(x, (T)0.0 - x))),
        _ => x,
    };
}
