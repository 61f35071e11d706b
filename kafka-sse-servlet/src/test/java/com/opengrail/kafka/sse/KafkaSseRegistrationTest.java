package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Beans;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.management.MBeanAttributeInfo;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class KafkaSseRegistrationTest {
    private final List<KafkaSseRegistration> registrations = new ArrayList<>();

    @AfterEach
    void unregister() {
        registrations.forEach(KafkaSseRegistration::close);
    }

    private KafkaSseRegistration register(String contextPath, String name) {
        KafkaSseRegistration registration = new KafkaSseRegistration();
        registrations.add(registration);
        registration.registerMBean(Mockito.mock(KafkaSseMXBean.class), contextPath, name);
        return registration;
    }

    @Test
    void shouldNameTheRootAsTomcatDoes() {
        register("", "events");
        assertEquals(Set.of("context=/,name=events,type=KafkaSse"), Beans.names());
    }

    @Test
    void shouldQuoteOnlyWhatHasToBeQuoted() {
        register("/shop/eu-1", "all events");
        register("/a*b", "c=d,\"e\"?\nf:");
        assertEquals(
                Set.of(
                        "context=/shop/eu-1,name=all events,type=KafkaSse",
                        "context=\"/a\\*b\",name=\"c=d,\\\"e\\\"\\?\\nf:\",type=KafkaSse"),
                Beans.names());
    }

    @Test
    void shouldNumberASecondBeanOfTheSameNameAndTakeOutItsOwnOnly() {
        KafkaSseRegistration first = register("/shop", "events");
        KafkaSseRegistration second = register("/shop", "events");
        register("/shop", "events");
        assertEquals(
                Set.of(
                        "context=/shop,name=events,type=KafkaSse",
                        "context=/shop,instance=2,name=events,type=KafkaSse",
                        "context=/shop,instance=3,name=events,type=KafkaSse"),
                Beans.names());
        first.close();
        first.close();
        second.close();
        assertEquals(Set.of("context=/shop,instance=3,name=events,type=KafkaSse"), Beans.names());
    }

    @Test
    void shouldNotShowAnEngineThatIsClosed() {
        ServletContext application = application();
        KafkaSse closed = KafkaSse.builder().build();
        closed.close();
        closed.register(application, "events");
        assertEquals(List.of(), KafkaSseRegistration.enginesOf(application));
        assertEquals(Set.of(), Beans.names());
    }

    /** A servlet and a filter may have the same name. Health must see both. */
    @Test
    void shouldKeepEnginesOfTheSameNameApart() {
        ServletContext application = application();
        KafkaSse ofServlet = KafkaSse.builder().build();
        try (KafkaSse ofFilter = KafkaSse.builder().build()) {
            ofServlet.register(application, "events");
            ofFilter.register(application, "events");
            assertEquals(List.of(ofServlet, ofFilter), KafkaSseRegistration.enginesOf(application));
            ofServlet.close();
            assertEquals(List.of(ofFilter), KafkaSseRegistration.enginesOf(application));
        }
        assertEquals(List.of(), KafkaSseRegistration.enginesOf(application));
    }

    /** A listener of the application is called when its attribute is removed. */
    @Test
    void shouldLeaveNothingBehindIfAListenerOfTheApplicationFails() {
        ServletContext application = application();
        IllegalStateException failure = new IllegalStateException("for the test");
        Mockito.doThrow(failure).when(application).removeAttribute(Mockito.any());
        KafkaSse engine = KafkaSse.builder().name("listened-to").build();
        engine.register(application, "events");
        assertSame(failure, assertThrows(IllegalStateException.class, engine::close));
        assertEquals(Set.of(), Beans.names());
        KafkaSse ofSameName = KafkaSse.builder().name("listened-to").build();
        ofSameName.close();
    }

    @Test
    void shouldShowAnEngineInEachOfItsApplicationsByItsFirstName() {
        ServletContext first = application();
        ServletContext second = application();
        try (KafkaSse engine = KafkaSse.builder().build()) {
            engine.register(first, "events");
            engine.register(first, "events");
            engine.register(second, "orders");
            assertEquals(List.of(engine), KafkaSse.enginesOf(first));
            assertEquals(List.of(engine), KafkaSse.enginesOf(second));
            assertEquals(Set.of("context=/shop,name=events,type=KafkaSse"), Beans.names());
            assertEquals("events", engine.health().name());
        }
        assertEquals(List.of(), KafkaSse.enginesOf(first));
        assertEquals(List.of(), KafkaSse.enginesOf(second));
        assertEquals(List.of(), Collections.list(second.getAttributeNames()));
    }

    /** A redeployment has a new context, or the same one again. */
    @Test
    void shouldShowAnEngineAsLongAsOneServletOrFilterUsesIt() throws Exception {
        ServletContext application = application();
        try (KafkaSse engine = KafkaSse.builder().build()) {
            KafkaSseServlet servlet = new KafkaSseServlet(engine);
            KafkaSseFilter filter = new KafkaSseFilter(engine);
            for (int deployment = 0; deployment < 2; deployment++) {
                servlet.init(servletConfig(application));
                filter.init(filterConfig(application));
                servlet.destroy();
                assertEquals(List.of(engine), KafkaSse.enginesOf(application));
                filter.destroy();
                assertEquals(List.of(), Collections.list(application.getAttributeNames()));
                assertEquals(Set.of("context=/shop,name=events,type=KafkaSse"), Beans.names());
            }
        }
    }

    /** The container may give the attribute's name to another engine when the application is deployed again. */
    @Test
    void shouldLeaveTheEngineOfAnotherAlone() {
        ServletContext application = application();
        KafkaSse before = KafkaSse.builder().build();
        before.register(application, "events");
        application.removeAttribute(KafkaSseRegistration.ENGINE_ATTRIBUTE + "events");
        try (KafkaSse after = KafkaSse.builder().build()) {
            after.register(application, "events");
            before.close();
            assertEquals(List.of(after), KafkaSse.enginesOf(application));
        }
    }

    @Test
    void shouldLeaveAllApplicationsAlthoughAListenerOfOneFails() {
        ServletContext failing = application();
        ServletContext other = application();
        IllegalStateException failure = new IllegalStateException("for the test");
        Mockito.doThrow(failure).when(failing).removeAttribute(Mockito.any());
        KafkaSse engine = KafkaSse.builder().build();
        engine.register(failing, "events");
        engine.register(other, "events");
        assertSame(failure, assertThrows(IllegalStateException.class, engine::close));
        assertEquals(List.of(), Collections.list(other.getAttributeNames()));
        assertEquals(List.of(), KafkaSse.enginesOf(failing), "closed, though still an attribute");
    }

    /** A servlet is not destroyed by every container if it could not be initialised. */
    @Test
    void shouldLeaveNothingBehindOfADoorWhoseApplicationFailsWhenItIsTold() {
        ServletContext application = application();
        IllegalStateException failure = new IllegalStateException("for the test");
        Mockito.doThrow(failure).when(application).setAttribute(Mockito.any(), Mockito.any());
        ServletConfig ofServlet = servletConfig(application);
        Mockito.when(ofServlet.getInitParameterNames()).then(call -> Collections.enumeration(List.of("topic")));
        Mockito.when(ofServlet.getInitParameter("topic")).thenReturn("orders");
        FilterConfig ofFilter = filterConfig(application);
        Mockito.when(ofFilter.getInitParameterNames()).then(call -> Collections.enumeration(List.of("topic")));
        Mockito.when(ofFilter.getInitParameter("topic")).thenReturn("orders");
        assertSame(failure, assertThrows(IllegalStateException.class, () -> new KafkaSseServlet().init(ofServlet)));
        assertSame(failure, assertThrows(IllegalStateException.class, () -> new KafkaSseFilter().init(ofFilter)));
        assertEquals(Set.of(), Beans.names());
        Await.until(
                "the threads to end",
                Duration.ofSeconds(20),
                () -> threadsOf("events").isEmpty(),
                () -> threadsOf("events").toString());
    }

    private static List<String> threadsOf(String engine) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("kafka-sse-" + engine))
                .toList();
    }

    @Test
    void shouldNotKeepAnApplicationThatIsGone() {
        try (KafkaSse engine = KafkaSse.builder().build()) {
            WeakReference<ServletContext> gone = new WeakReference<>(registeredWithoutAttributes(engine));
            Await.until(
                    "the context to be collected",
                    Duration.ofSeconds(20),
                    () -> {
                        System.gc();
                        return gone.refersTo(null);
                    },
                    () -> "it is still there");
            ServletContext next = application();
            engine.register(next, "events");
            assertEquals(List.of(engine), KafkaSse.enginesOf(next));
        }
    }

    /** Not a mock, since Mockito remembers the last one. */
    private static ServletContext registeredWithoutAttributes(KafkaSse engine) {
        ServletContext application = (ServletContext) Proxy.newProxyInstance(
                ServletContext.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getContextPath" -> "/shop";
                    case "getAttributeNames" -> Collections.emptyEnumeration();
                    default -> null;
                });
        engine.register(application, "events");
        return application;
    }

    private static ServletConfig servletConfig(ServletContext application) {
        ServletConfig config = Mockito.mock(ServletConfig.class);
        Mockito.when(config.getServletContext()).thenReturn(application);
        Mockito.when(config.getServletName()).thenReturn("events");
        return config;
    }

    private static FilterConfig filterConfig(ServletContext application) {
        FilterConfig config = Mockito.mock(FilterConfig.class);
        Mockito.when(config.getServletContext()).thenReturn(application);
        Mockito.when(config.getFilterName()).thenReturn("events");
        return config;
    }

    private static ServletContext application() {
        Map<String, Object> attributes = new TreeMap<>();
        ServletContext application = Mockito.mock(ServletContext.class);
        Mockito.when(application.getContextPath()).thenReturn("/shop");
        Mockito.when(application.getAttribute(Mockito.any())).then(call -> attributes.get(call.getArgument(0)));
        Mockito.when(application.getAttributeNames()).then(call -> Collections.enumeration(attributes.keySet()));
        Mockito.doAnswer(call -> attributes.put(call.getArgument(0), call.getArgument(1)))
                .when(application)
                .setAttribute(Mockito.any(), Mockito.any());
        Mockito.doAnswer(call -> attributes.remove(call.getArgument(0)))
                .when(application)
                .removeAttribute(Mockito.any());
        return application;
    }

    @Test
    void shouldDescribeEachAttributeWithItsUnit() throws Exception {
        register("", "events");
        ObjectName name = Beans.only().name();
        MBeanAttributeInfo[] attributes =
                ManagementFactory.getPlatformMBeanServer().getMBeanInfo(name).getAttributes();
        assertTrue(attributes.length >= 16, () -> attributes.length + " attributes");
        for (MBeanAttributeInfo attribute : attributes) {
            assertNotNull(attribute.getDescriptor().getFieldValue("units"), attribute.getName());
            assertTrue(attribute.getDescription().matches("[A-Z][^\\[]{10,} \\[[a-z]+]"), attribute.getDescription());
            assertFalse(attribute.isWritable(), attribute.getName());
        }
    }
}
